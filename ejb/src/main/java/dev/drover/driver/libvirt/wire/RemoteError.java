package dev.drover.driver.libvirt.wire;

import dev.drover.hypervisor.HypervisorException;
import java.util.List;
import java.util.Optional;

/** Reads the error that libvirt sends in place of an answer ({@code remote_error}). */
public final class RemoteError {

    private RemoteError() {}

    public static HypervisorException read(XdrReader in) {
        int number = in.int32();
        int domain = in.int32();
        Optional<String> message = in.optionalString();
        int level = in.int32();
        in.optional(DomainRef::read);
        List<String> strings = List.of(
                in.optionalString().orElse(""),
                in.optionalString().orElse(""),
                in.optionalString().orElse(""));
        // two integers and a network follow; nothing of use is in them
        return HypervisorException.ofLibvirt(
                number, domain, level, message.orElse("libvirt gave error " + number + " without a message"), strings);
    }
}
