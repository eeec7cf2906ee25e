package dev.drover.driver.libvirt.remote;

/** Numbers of the remote program's procedures; part of libvirt's stable ABI. */
public final class Procedure {

    public static final int CONNECT_OPEN = 1;
    public static final int CONNECT_GET_TYPE = 3;
    public static final int NODE_GET_INFO = 6;
    public static final int CONNECT_GET_CAPABILITIES = 7;
    public static final int DOMAIN_DEFINE_XML = 11;
    public static final int DOMAIN_DESTROY = 12;
    public static final int DOMAIN_GET_XML_DESC = 14;
    public static final int DOMAIN_GET_INFO = 16;
    public static final int DOMAIN_LOOKUP_BY_NAME = 23;
    public static final int DOMAIN_LOOKUP_BY_UUID = 24;
    public static final int DOMAIN_RESUME = 28;
    public static final int DOMAIN_SUSPEND = 34;
    public static final int DOMAIN_UNDEFINE = 35;
    public static final int CONNECT_GET_HOSTNAME = 59;
    public static final int CONNECT_SUPPORTS_FEATURE = 60;
    public static final int AUTH_LIST = 66;
    public static final int AUTH_SASL_INIT = 67;
    public static final int AUTH_SASL_START = 68;
    public static final int AUTH_SASL_STEP = 69;
    public static final int NODE_GET_FREE_MEMORY = 102;
    public static final int CONNECT_GET_LIB_VERSION = 157;
    public static final int DOMAIN_ABORT_JOB = 164;
    public static final int DOMAIN_MIGRATE_SET_MAX_DOWNTIME = 166;
    public static final int DOMAIN_MIGRATE_SET_MAX_SPEED = 207;
    public static final int DOMAIN_GET_STATE = 212;
    public static final int NODE_GET_MEMORY_STATS = 228;
    public static final int DOMAIN_MIGRATE_GET_MAX_SPEED = 242;
    public static final int CONNECT_LIST_ALL_DOMAINS = 273;
    public static final int DOMAIN_GET_JOB_STATS = 298;
    public static final int DOMAIN_MIGRATE_GET_COMPRESSION_CACHE = 299;
    public static final int DOMAIN_MIGRATE_SET_COMPRESSION_CACHE = 300;
    public static final int DOMAIN_MIGRATE_BEGIN3_PARAMS = 302;
    public static final int DOMAIN_MIGRATE_PREPARE3_PARAMS = 303;
    public static final int DOMAIN_MIGRATE_PERFORM3_PARAMS = 305;
    public static final int DOMAIN_MIGRATE_FINISH3_PARAMS = 306;
    public static final int DOMAIN_MIGRATE_CONFIRM3_PARAMS = 307;
    public static final int CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY = 316;
    public static final int DOMAIN_EVENT_CALLBACK_LIFECYCLE = 318;
    public static final int CONNECT_GET_ALL_DOMAIN_STATS = 344;
    public static final int DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION = 359;
    public static final int DOMAIN_EVENT_CALLBACK_JOB_COMPLETED = 363;
    public static final int DOMAIN_MIGRATE_START_POST_COPY = 364;
    public static final int DOMAIN_MIGRATE_GET_MAX_DOWNTIME = 387;
    public static final int DOMAIN_START_DIRTY_RATE_CALC = 427;
    public static final int DOMAIN_ABORT_JOB_FLAGS = 442;

    private Procedure() {}
}
