package dev.drover.audit;

/**
 * Who wants something, and through which surface.
 *
 * @param name the user as the surface knows it; for Drover itself the running server
 */
public record Actor(String name, Surface surface) {

    private static final int NAME_MAX = 128;

    public Actor {
        name = name.length() > NAME_MAX ? name.substring(0, NAME_MAX) : name;
    }

    /** Drover itself. */
    public static Actor drover() {
        return new Actor("drover", Surface.DROVER);
    }

    /** As in {@code REST operator}. */
    @Override
    public String toString() {
        return surface + " " + name;
    }
}
