package dev.drover.driver.libvirt.auth;

import java.util.Arrays;

/** A password that does not show itself: no text of this object holds it, and it is equal to nothing but itself. */
public final class Secret {

    private final char[] characters;

    /** @param characters copied */
    public Secret(char[] characters) {
        this.characters = characters.clone();
    }

    /** A copy; whoever takes it wipes it after use. */
    public char[] characters() {
        return characters.clone();
    }

    /** Overwrites it; it is empty afterwards for all who hold it. */
    public void wipe() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
