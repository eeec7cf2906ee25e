package dev.drover.model;

/** What a host can be used for now. */
public enum HostState {
    /** It answers, and domains may be placed on it. */
    ONLINE,
    /** It does not answer; what runs there is unknown. */
    OFFLINE,
    /** It answers, but is being emptied, or was emptied and has stayed empty: nothing is placed on it unless named. */
    MAINTENANCE
}
