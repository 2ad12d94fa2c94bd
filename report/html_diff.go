package report

import (
	"strings"
	"unicode/utf8"
)

// diffLine is a line of a comparison: of both texts, only expected, or only
// actual. Mid is what differs where a line stands in the place of another.
type diffLine struct {
	Sign             diffSign
	Before, Mid, End string
}

type diffSign string

const (
	inBoth     diffSign = " "
	isExpected diffSign = "−"
	isActual   diffSign = "+"
)

// mostCompared bounds the work of a comparison, in pairs of lines.
const mostCompared = 1 << 20

// diff compares two texts line by line, by their longest common subsequence.
func diff(expected, actual string) []diffLine {
	a, b := strings.Split(expected, "\n"), strings.Split(actual, "\n")
	var lines []diffLine
	add := func(sign diffSign, texts ...string) {
		for _, t := range texts {
			lines = append(lines, diffLine{Sign: sign, Before: t})
		}
	}
	if len(a)*len(b) > mostCompared {
		add(isExpected, a...)
		add(isActual, b...)
		return lines
	}
	common := commonLines(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add(inBoth, a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			add(isExpected, a[i])
			i++
		default:
			add(isActual, b[j])
			j++
		}
	}
	return marked(lines)
}

// commonLines gives how many lines two texts have in common from each pair of
// places on.
func commonLines(a, b []string) [][]int32 {
	common := make([][]int32, len(a)+1)
	for i := len(a); i >= 0; i-- {
		common[i] = make([]int32, len(b)+1)
		for j := len(b) - 1; j >= 0 && i < len(a); j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}

// marked shows within a line that stands in the place of another what differs.
func marked(lines []diffLine) []diffLine {
	for i := 0; i+1 < len(lines); i++ {
		single := (i == 0 || lines[i-1].Sign != isExpected) && (i+2 == len(lines) || lines[i+2].Sign != isActual)
		if single && lines[i].Sign == isExpected && lines[i+1].Sign == isActual {
			a, b := lines[i].Before, lines[i+1].Before
			before := commonStart(a, b)
			end := commonEnd(a[before:], b[before:])
			lines[i] = diffLine{isExpected, a[:before], a[before : len(a)-end], a[len(a)-end:]}
			lines[i+1] = diffLine{isActual, b[:before], b[before : len(b)-end], b[len(b)-end:]}
		}
	}
	return lines
}

// commonStart is the length of what two texts begin with, in whole characters.
func commonStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		x, size := utf8.DecodeRuneInString(a[n:])
		y, _ := utf8.DecodeRuneInString(b[n:])
		if x != y {
			break
		}
		n += size
	}
	return n
}

func commonEnd(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		x, size := utf8.DecodeLastRuneInString(a[:len(a)-n])
		y, _ := utf8.DecodeLastRuneInString(b[:len(b)-n])
		if x != y {
			break
		}
		n += size
	}
	return n
}
