package dev.drover.driver.libvirt.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The numbers against those of libvirt's {@code src/remote/remote_protocol.x} (enum {@code remote_procedure}, read in the
 * sources of 0.9.7, 9.x and later; a number once given never changes). A procedure added to the product is looked up
 * there and added here.
 */
class ProcedureTest {

    private static final Map<String, Integer> OF_LIBVIRT = Map.ofEntries(
            Map.entry("CONNECT_OPEN", 1),
            Map.entry("CONNECT_GET_TYPE", 3),
            Map.entry("NODE_GET_INFO", 6),
            Map.entry("CONNECT_GET_CAPABILITIES", 7),
            Map.entry("DOMAIN_DEFINE_XML", 11),
            Map.entry("DOMAIN_DESTROY", 12),
            Map.entry("DOMAIN_GET_XML_DESC", 14),
            Map.entry("DOMAIN_GET_INFO", 16),
            Map.entry("DOMAIN_LOOKUP_BY_NAME", 23),
            Map.entry("DOMAIN_LOOKUP_BY_UUID", 24),
            Map.entry("DOMAIN_RESUME", 28),
            Map.entry("DOMAIN_SUSPEND", 34),
            Map.entry("DOMAIN_UNDEFINE", 35),
            Map.entry("CONNECT_GET_HOSTNAME", 59),
            Map.entry("CONNECT_SUPPORTS_FEATURE", 60),
            Map.entry("AUTH_LIST", 66),
            Map.entry("AUTH_SASL_INIT", 67),
            Map.entry("AUTH_SASL_START", 68),
            Map.entry("AUTH_SASL_STEP", 69),
            Map.entry("AUTH_POLKIT", 70),
            Map.entry("NODE_GET_FREE_MEMORY", 102),
            Map.entry("CONNECT_GET_URI", 110),
            Map.entry("CONNECT_GET_LIB_VERSION", 157),
            Map.entry("DOMAIN_ABORT_JOB", 164),
            Map.entry("DOMAIN_MIGRATE_SET_MAX_DOWNTIME", 166),
            Map.entry("DOMAIN_MIGRATE_SET_MAX_SPEED", 207),
            Map.entry("DOMAIN_GET_STATE", 212),
            Map.entry("NODE_GET_MEMORY_STATS", 228),
            Map.entry("DOMAIN_MIGRATE_GET_MAX_SPEED", 242),
            Map.entry("CONNECT_LIST_ALL_DOMAINS", 273),
            Map.entry("DOMAIN_GET_JOB_STATS", 298),
            Map.entry("DOMAIN_MIGRATE_GET_COMPRESSION_CACHE", 299),
            Map.entry("DOMAIN_MIGRATE_SET_COMPRESSION_CACHE", 300),
            Map.entry("DOMAIN_MIGRATE_BEGIN3_PARAMS", 302),
            Map.entry("DOMAIN_MIGRATE_PREPARE3_PARAMS", 303),
            Map.entry("DOMAIN_MIGRATE_PERFORM3_PARAMS", 305),
            Map.entry("DOMAIN_MIGRATE_FINISH3_PARAMS", 306),
            Map.entry("DOMAIN_MIGRATE_CONFIRM3_PARAMS", 307),
            Map.entry("CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY", 316),
            Map.entry("CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY", 317),
            Map.entry("DOMAIN_EVENT_CALLBACK_LIFECYCLE", 318),
            Map.entry("CONNECT_GET_ALL_DOMAIN_STATS", 344),
            Map.entry("DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION", 359),
            Map.entry("DOMAIN_EVENT_CALLBACK_JOB_COMPLETED", 363),
            Map.entry("DOMAIN_MIGRATE_START_POST_COPY", 364),
            Map.entry("DOMAIN_MIGRATE_GET_MAX_DOWNTIME", 387),
            Map.entry("DOMAIN_START_DIRTY_RATE_CALC", 427),
            Map.entry("DOMAIN_ABORT_JOB_FLAGS", 442));

    @Test
    void numbersAreLibvirts() throws IllegalAccessException {
        Map<String, Integer> ours = new TreeMap<>();
        for (Field field : Procedure.class.getFields()) {
            ours.put(field.getName(), field.getInt(null));
        }
        Map<String, Integer> expected = new TreeMap<>();
        ours.keySet().forEach(name -> expected.put(name, OF_LIBVIRT.getOrDefault(name, -1)));
        assertEquals(expected, ours);
    }
}
