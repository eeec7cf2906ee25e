package dev.drover.rest;

import dev.drover.model.ArgumentHelp;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;

/**
 * Puts the tables of flags and parameters into the OpenAPI document's {@code MigrationRequest}. Named in
 * {@code microprofile-config.properties}.
 */
public class ApiDescription implements OASFilter {

    @Override
    public void filterOpenAPI(OpenAPI api) {
        Map<String, Schema> members =
                named(api.getComponents().getSchemas(), "MigrationRequest").getProperties();
        Schema flag = named(members, "flags").getItems();
        flag.setDescription(ArgumentHelp.flags());
        Arrays.stream(MigrateFlag.values()).map(Enum::name).forEach(flag::addEnumeration);
        Schema params = named(members, "params");
        Arrays.stream(MigrateParam.values()).forEach(param -> params.addProperty(param.key(), schema(param)));
    }

    private static Schema named(Map<String, Schema> schemas, String name) {
        return Objects.requireNonNull(schemas.get(name), () -> "openapi.yaml has no schema " + name);
    }

    private static Schema schema(MigrateParam param) {
        Schema one = OASFactory.createSchema()
                .addType(param.type().isText() ? Schema.SchemaType.STRING : Schema.SchemaType.INTEGER);
        param.range().ifPresent(range -> one.minimum(BigDecimal.valueOf(range.min()))
                .maximum(BigDecimal.valueOf(range.max())));
        String help = ArgumentHelp.of(param);
        return param.repeatable()
                ? OASFactory.createSchema()
                        .addType(Schema.SchemaType.ARRAY)
                        .items(one)
                        .description(help)
                : one.description(help);
    }
}
