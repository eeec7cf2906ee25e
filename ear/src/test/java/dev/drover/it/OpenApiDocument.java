package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The served description of the REST API, and as much of JSON Schema as it uses. */
record OpenApiDocument(JsonObject document) {

    static OpenApiDocument parse(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return new OpenApiDocument(reader.readObject());
        }
    }

    /** As {@code GET /drover/api/hosts}. */
    Set<String> operations() {
        Set<String> found = new TreeSet<>();
        document.getJsonObject("paths").forEach((path, item) -> item.asJsonObject().keySet().stream()
                .filter(key -> key.matches("get|post|put|patch|delete"))
                .forEach(verb -> found.add(verb.toUpperCase(java.util.Locale.ROOT) + " " + path)));
        return found;
    }

    /** What the resource classes answer to, in the same form. */
    static Set<String> operationsOfTheResources() {
        return new ClassFileImporter()
                .importPackages("dev.drover.rest").stream()
                        .filter(each -> each.isAnnotatedWith(Path.class))
                        .map(each -> each.reflect())
                        .flatMap(each -> Arrays.stream(each.getMethods()).flatMap(method -> verb(each, method)))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static java.util.stream.Stream<String> verb(Class<?> resource, Method method) {
        String path = "/drover/api/" + path(resource.getAnnotation(Path.class)) + "/"
                + path(method.getAnnotation(Path.class));
        return Arrays.stream(method.getAnnotations())
                .map(each -> each.annotationType().getAnnotation(HttpMethod.class))
                .filter(each -> each != null)
                .map(each -> each.value() + " " + path.replaceAll("/+", "/").replaceAll("(?<=.)/$", ""));
    }

    private static String path(@Nullable Path path) {
        return path == null ? "" : path.value();
    }

    /** Every operation says what it does, what it answers, and how its refusals look. */
    void requireThatEachOperationIsDocumented() {
        document.getJsonObject("paths").forEach((path, item) -> item.asJsonObject()
                .forEach((verb, operation) -> requireDocumented(verb + " " + path, operation.asJsonObject())));
        assertEquals(
                "basic",
                document.getJsonObject("components")
                        .getJsonObject("securitySchemes")
                        .getJsonObject("basic")
                        .getString("scheme"));
        assertEquals(1, document.getJsonArray("security").size());
    }

    private void requireDocumented(String name, JsonObject operation) {
        assertTrue(!operation.getString("summary", "").isBlank(), name);
        assertTrue(!operation.getString("operationId", "").isBlank(), name);
        JsonObject responses = operation.getJsonObject("responses");
        assertTrue(responses.keySet().stream().anyMatch(status -> status.startsWith("2")), name);
        JsonObject problem = resolved(responses.getJsonObject("default"));
        assertTrue(problem.getJsonObject("content").containsKey("application/problem+json"), name);
    }

    /** The object has all that the schema requires, nothing that it does not know, and only values that it lists. */
    void requireFits(String schema, JsonObject object) {
        requireFits(schema, schema(schema), object);
    }

    private JsonObject schema(String name) {
        return document.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
    }

    private void requireFits(String where, JsonObject unresolved, JsonValue value) {
        JsonObject schema = resolved(unresolved);
        if (value instanceof JsonObject object && schema.containsKey("properties")) {
            JsonObject properties = schema.getJsonObject("properties");
            for (JsonString required : schema.getJsonArray("required").getValuesAs(JsonString.class)) {
                assertTrue(object.containsKey(required.getString()), where + " lacks " + required + ": " + object);
            }
            object.forEach((name, member) -> {
                assertTrue(properties.containsKey(name), where + " does not describe " + name + ": " + object);
                requireFits(where + "." + name, properties.getJsonObject(name), member);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(each -> requireFits(where + "[]", schema.getJsonObject("items"), each));
        } else if (schema.containsKey("enum")) {
            assertTrue(schema.getJsonArray("enum").contains(value), where + " is " + value);
        }
    }

    private JsonObject resolved(JsonObject object) {
        String reference = object.getString("$ref", "");
        return reference.isEmpty()
                ? object
                : document.getValue(reference.substring(1)).asJsonObject();
    }
}
