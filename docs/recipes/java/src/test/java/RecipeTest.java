import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** A mock in a container, for tests in Java. */
@Testcontainers
class RecipeTest {
  static final String IMAGE =
      Optional.ofNullable(System.getenv("POCKETCHECK_IMAGE")).orElse("ghcr.io/pocketcheck/pocketcheck:0.1.0");

  @Container
  static final GenericContainer<?> mock =
      new GenericContainer<>(DockerImageName.parse(IMAGE))
          .withEnv("POCKETCHECK_CONTROL", "0.0.0.0:9001")
          .withEnv("POCKETCHECK_CONTROL_TOKEN", "tests")
          .withExposedPorts(8080, 9001)
          .waitingFor(Wait.forHealthcheck());

  static HttpResponse<String> send(int port, String method, String path, String header, String value, String body)
      throws Exception {
    var uri = URI.create("http://" + mock.getHost() + ":" + mock.getMappedPort(port) + path);
    var content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    var request = HttpRequest.newBuilder(uri).method(method, content)
        .header("Content-Type", "application/json").header(header, value).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  static HttpResponse<String> api(String method, String path, String body) throws Exception {
    return send(8080, method, "/api/v2" + path, "X-API-KEY", "pocketcheck-admin-key", body);
  }

  static HttpResponse<String> lever(String method, String path, String body) throws Exception {
    return send(9001, method, path, "Authorization", "Bearer tests", body);
  }

  @Test
  void clientWaitsWhenItIsTold() throws Exception {
    var created = api("POST", "/assets", "{\"title\": \"From Java\"}");
    assertEquals(200, created.statusCode(), created.body());
    var asset = "/assets/" + created.body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");

    var limit = "{\"user\": \"admin@example.com\", \"endpoint\": \"GET *\", \"status\": 429, \"retry_after\": 3, \"times\": 1}";
    assertEquals(200, lever("POST", "/rules", limit).statusCode());
    var limited = api("GET", asset, null);
    assertEquals(429, limited.statusCode());
    assertEquals("3", limited.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(200, api("GET", asset, null).statusCode());

    var verdict = lever("GET", "/client", null).body();
    assertTrue(verdict.matches("(?s).*\"verdict\":\\s*\"partial\".*"), verdict);
  }
}
