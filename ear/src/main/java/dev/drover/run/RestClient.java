package dev.drover.run;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Drover's REST API as a script would call it. */
public final class RestClient {

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final String authorization;

    /** @param url of the page; the API is below it */
    public RestClient(String url, String user, String password) {
        this.base = url + "api/";
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    public HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The server-sent events of a resource, open until the caller closes it. @param after the last id seen, or empty */
    public InputStream stream(String path, String after) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", authorization);
        if (!after.isEmpty()) {
            request.header("Last-Event-ID", after);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    public JsonStructure get(String path) throws IOException, InterruptedException {
        return read(send("GET", path, ""));
    }

    public JsonObject post(String path, String body) throws IOException, InterruptedException {
        return read(send("POST", path, body)).asJsonObject();
    }

    private static JsonStructure read(HttpResponse<String> response) throws IOException {
        if (response.statusCode() >= 300) {
            throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
        }
        try (var reader = Json.createReader(new StringReader(response.body()))) {
            return reader.read();
        }
    }

    /** Whether the application answers; 401 counts, since then it is there. */
    public boolean isReady() throws InterruptedException {
        try {
            int status = send("GET", "hosts", "").statusCode();
            return status == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
