package sample

// people are the sample's own users, who have no keys.
var people = []struct {
	first, last string
	latin       [2]string
}{
	{"María", "Núñez", [2]string{"maria", "nunez"}},
	{"Олена", "Коваль", [2]string{"olena", "koval"}},
	{"健太", "山本", [2]string{"kenta", "yamamoto"}},
	{"ليلى", "حداد", [2]string{"layla", "haddad"}},
	{"Søren", "Østergård", [2]string{"soren", "ostergard"}},
	{"Priya", "O’Connor", [2]string{"priya", "oconnor"}},
}

var actions = [][2]string{
	{"Transcode", "Makes files for the web of each media file"},
	{"Caption", "Writes captions for what is said"},
	{"Archive", "Copies the original to the archive"},
}

var (
	projects   = []string{"Spring campaign", "Archive of the city", "Festival", "Annual report", "Mediateca"}
	categories = []string{"campaign", "press", "archive", "événement", "музей"}
	kinds      = [][2]string{{"image", "jpg"}, {"image", "png"}, {"video", "mp4"}, {"audio", "wav"}, {"document", "pdf"}}
)

// script is words of a language, of which titles and comments are made.
type script struct {
	subjects []string
	between  string
	places   []string
	comments []string
}

var scripts = []script{
	{[]string{"Harbour", "Market", "Old bridge", "Concert"}, " at ", []string{"dawn", "noon", "night", "low tide"},
		[]string{"Can we crop this?", "Approved for print.", "The colours are a little too warm.", "Who has the release form?"}},
	{[]string{"Été", "Hôtel", "Forêt", "Fenêtre"}, " à ", []string{"Besançon", "Nîmes", "Orléans", "l’aube"},
		[]string{"C’est parfait, merci !", "Trop sombre à gauche.", "À valider avant vendredi."}},
	{[]string{"Straße", "Größe", "Übung", "Bäckerei"}, " in ", []string{"Köln", "München", "Gräfelfing", "Zürich"},
		[]string{"Bitte in höherer Auflösung.", "Schön geworden!", "Das ist schon veröffentlicht."}},
	{[]string{"Вечер", "Мост", "Ярмарка", "Снег"}, " — ", []string{"Київ", "Одеса", "Алматы", "София"},
		[]string{"Отличный кадр.", "Потрібна інша назва.", "Когда снято?"}},
	{[]string{"Λιμάνι", "Γέφυρα", "Αγορά", "Θάλασσα"}, " ", []string{"Αθήνα", "Πάτρα", "Χανιά", "Ρόδος"},
		[]string{"Πολύ ωραίο.", "Λείπει η άδεια.", "Να το ξαναδούμε."}},
	{[]string{"ميناء", "سوق", "جسر", "حفل"}, " ", []string{"بيروت", "القاهرة", "عمّان", "تونس"},
		[]string{"صورة جميلة.", "هل لدينا الموافقة؟", "الرجاء تغيير العنوان."}},
	{[]string{"נמל", "שוק", "גשר", "קונצרט"}, " ", []string{"חיפה", "יפו", "עכו", "אילת"},
		[]string{"מצוין!", "חסר אישור.", "אפשר לחתוך?"}},
	{[]string{"बाज़ार", "पुल", "मेला", "नदी"}, " ", []string{"वाराणसी", "दिल्ली", "जयपुर", "पुणे"},
		[]string{"बहुत अच्छा।", "शीर्षक बदलें।", "यह कब लिया गया?"}},
	{[]string{"港", "市場", "橋", "祭り"}, "・", []string{"横浜", "京都", "札幌", "那覇"},
		[]string{"とても良いです。", "もう少し明るくできますか。", "公開済みです。"}},
	{[]string{"항구", "시장", "다리", "축제"}, " ", []string{"부산", "서울", "제주", "전주"},
		[]string{"좋아요.", "제목을 바꿔 주세요.", "언제 찍었나요?"}},
	{[]string{"码头", "市场", "老桥", "音乐会"}, "", []string{"上海", "廣州", "臺北", "成都"},
		[]string{"很好。", "請提供授權書。", "颜色太暖。"}},
	{[]string{"Bến cảng", "Chợ", "Cầu", "Lễ hội"}, " ", []string{"Hà Nội", "Đà Nẵng", "Huế", "Cần Thơ"},
		[]string{"Đẹp quá!", "Cần giấy phép.", "Sửa tiêu đề nhé."}},
	{[]string{"Launch 🚀", "Team 👩‍👩‍👧", "Café ☕", "Final <v2> & \"cut\""}, " / ", []string{"🇧🇷", "1:1", "50%", "C:\\export"},
		[]string{"👍", "See <b>frame 12</b> & fix", "línea uno\nlínea dos"}},
}
