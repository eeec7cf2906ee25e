package dev.drover.persistence;

import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.TypedParameter;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed parameters as a JSON array in one column: names may repeat and keep their order. */
final class ParamsText {

    private ParamsText() {}

    static @Nullable String write(MigrateParams params) {
        if (params.isEmpty()) {
            return null;
        }
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (TypedParameter param : params.list()) {
            array.add(Json.createObjectBuilder()
                    .add("name", param.name())
                    .add("value", param.value().text()));
        }
        return array.build().toString();
    }

    static MigrateParams read(@Nullable String text) {
        if (text == null) {
            return MigrateParams.none();
        }
        List<TypedParameter> list = new ArrayList<>();
        try (var reader = Json.createReader(new StringReader(text))) {
            for (JsonObject entry : reader.readArray().getValuesAs(JsonObject.class)) {
                list.addAll(one(entry.getString("name"), entry.getString("value")));
            }
        }
        return new MigrateParams(list);
    }

    // what was journalled had been checked, so its name is known and its number a number
    private static List<TypedParameter> one(String name, String value) {
        boolean text = MigrateParam.ofKey(name)
                .filter(param -> param.type() == MigrateParam.Type.STRING)
                .isPresent();
        return MigrateParams.ofValues(Map.of(name, text ? value : new BigInteger(value)))
                .list();
    }
}
