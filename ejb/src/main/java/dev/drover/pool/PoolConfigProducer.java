package dev.drover.pool;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Hands the pool its configuration, taken from the system properties {@code drover.pool.…} once, at the start. */
@Dependent
class PoolConfigProducer {

    @Produces
    @Dependent
    PoolConfig config() {
        Properties properties = System.getProperties();
        Map<String, String> texts = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, name -> properties.getProperty(name, "")));
        return PoolSettings.read(texts);
    }
}
