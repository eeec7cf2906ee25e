package dev.drover.model;

/** What nobody can do to a migration away from a host, so that who plans one knows it before it runs. */
public enum MigrationLimit {
    NO_ABORT("a migration that has begun cannot be called off; cancelling stops only what has not begun"),
    NO_THROTTLE("a migration can be neither limited nor slowed down, so it takes what the link gives"),
    NO_PROGRESS("a migration tells nothing of its progress before its end");

    private final String meaning;

    MigrationLimit(String meaning) {
        this.meaning = meaning;
    }

    /** In words, for people. */
    public String meaning() {
        return meaning;
    }
}
