package dev.drover.persistence;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.NullUnmarked;

/** Brings the database's schema to this version; scripts that have run are left alone. */
@ApplicationScoped
@NullUnmarked
public class Schema {

    @Resource(lookup = "java:jboss/datasources/DroverDS")
    private DataSource dataSource;

    public void migrate() {
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }
}
