package dev.drover.rest;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A JSON request body, read member by member; what does not fit is refused by the member's name. */
final class Body {

    private final JsonObject object;

    private Body(JsonObject object) {
        this.object = object;
    }

    /** @param known the members that mean something; any other is refused, since it would be ignored in silence */
    static Body parse(String text, Set<String> known) {
        JsonObject object;
        try (var reader = Json.createReader(new StringReader(text))) {
            if (!(reader.readValue() instanceof JsonObject read)) {
                throw invalid("body: must be a JSON object");
            }
            object = read;
        } catch (JsonException | IllegalStateException e) {
            throw invalid("body: is no JSON: " + e.getMessage());
        }
        Set<String> unknown = new TreeSet<>(object.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw invalid("body: unknown member " + unknown + "; known are " + new TreeSet<>(known));
        }
        return new Body(object);
    }

    boolean has(String name) {
        return object.containsKey(name) && object.get(name) != JsonValue.NULL;
    }

    @Nullable
    String string(String name) {
        JsonValue value = object.get(name);
        if (value == null || value == JsonValue.NULL) {
            return null;
        }
        if (value instanceof JsonString text) {
            return text.getString();
        }
        throw invalid(name + ": must be a string");
    }

    /** A whole number that must be there. */
    long whole(String name) {
        JsonValue value = object.get(name);
        if (value instanceof JsonNumber number && number.isIntegral()) {
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                throw invalid(name + ": " + number + " is out of range");
            }
        }
        throw invalid(name + ": must be a whole number");
    }

    List<String> strings(String name) {
        JsonValue value = object.get(name);
        if (value == null || value == JsonValue.NULL) {
            return List.of();
        }
        if (!(value instanceof JsonArray array)) {
            throw invalid(name + ": must be a list of strings");
        }
        return array.stream()
                .map(each -> {
                    if (each instanceof JsonString text) {
                        return text.getString();
                    }
                    throw invalid(name + ": must be a list of strings");
                })
                .toList();
    }

    /** An object's members as plain Java values. */
    Map<String, Object> values(String name) {
        JsonValue value = object.get(name);
        if (value == null || value == JsonValue.NULL) {
            return Map.of();
        }
        if (!(value instanceof JsonObject members)) {
            throw invalid(name + ": must be an object of name: value");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        members.forEach((key, member) -> values.put(key, plain(name, key, member)));
        return values;
    }

    private static Object plain(String name, String key, JsonValue value) {
        return switch (value.getValueType()) {
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> ((JsonNumber) value).bigDecimalValue();
            case TRUE -> Boolean.TRUE;
            case FALSE -> Boolean.FALSE;
            case ARRAY ->
                ((JsonArray) value).stream().map(each -> plain(name, key, each)).toList();
            case OBJECT, NULL -> throw invalid(name + ": '" + key + "' must be a string, a number or a list");
        };
    }

    private static FailureException invalid(String message) {
        return new FailureException(FailureCode.INVALID_ARGUMENT, message);
    }
}
