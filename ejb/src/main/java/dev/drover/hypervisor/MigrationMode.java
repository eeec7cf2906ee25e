package dev.drover.hypervisor;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who drives the phases of a migration; what a crash leaves behind depends on it (LIBVIRT.md). */
public enum MigrationMode {
    /** The source host, which connects to the destination itself: it goes on when the client dies. */
    PEER_TO_PEER,
    /** This client, with a connection to each host: it ends when the client dies, and may leave a copy standing still. */
    MANAGED;

    private static final String AUTO = "AUTO";

    /**
     * The mode that somebody wants; absent and {@code AUTO} leave the choice to the driver. {@code peer-to-peer} and
     * {@code PEER_TO_PEER} are the same.
     *
     * @param argument its name in a refusal
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} for any other text
     */
    public static Optional<MigrationMode> ofText(String argument, @Nullable String text) {
        String wanted =
                text == null ? AUTO : text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        if (wanted.equals(AUTO)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values())
                .filter(mode -> mode.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        argument + ": '" + text + "' is no mode; it must be AUTO, PEER_TO_PEER or MANAGED")));
    }
}
