package dev.drover.driver.libvirt.auth;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file in the form of libvirt's {@code auth.conf}: groups {@code [auth-libvirt-HOST]} (or {@code -default}) name with
 * {@code credentials=NAME} a group {@code [credentials-NAME]} that has {@code authname} and {@code password}.
 */
final class AuthFile {

    private final Path file;
    private final Map<String, Map<String, String>> groups;

    private AuthFile(Path file, Map<String, Map<String, String>> groups) {
        this.file = file;
        this.groups = groups;
    }

    /** @throws HypervisorException {@code AUTHENTICATION_FAILED} naming the file and, when it is malformed, the line */
    static AuthFile read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            // without the cause: a decoder's message may quote the file
            throw broken(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        Map<String, Map<String, String>> groups = new HashMap<>();
        Map<String, String> group = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int equals = line.indexOf('=');
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                group = groups.computeIfAbsent(line.substring(1, line.length() - 1), name -> new HashMap<>());
            } else if (group != null && equals > 0) {
                group.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            } else {
                throw broken(file, "line " + (i + 1) + " is neither [group] nor name=value within a group");
            }
        }
        return new AuthFile(file, groups);
    }

    /** @param user the name that it must be for, if any */
    Optional<Credential> find(String host, Optional<String> user) {
        Map<String, String> service = groups.get("auth-libvirt-" + host);
        if (service == null) {
            service = groups.get("auth-libvirt-default");
        }
        if (service == null) {
            return Optional.empty();
        }
        String name = service.get("credentials");
        Map<String, String> found = groups.get("credentials-" + name);
        if (name == null || found == null) {
            throw broken(
                    file,
                    "the group for " + host + " names no group [credentials-…] that exists; it needs credentials=NAME");
        }
        String authname = found.get("authname");
        String password = found.get("password");
        if (authname == null || password == null) {
            throw broken(file, "the group [credentials-" + name + "] needs authname and password");
        }
        return Optional.of(new Credential(authname, new Secret(password.toCharArray())))
                .filter(each -> user.isEmpty() || user.get().equals(authname));
    }

    private static HypervisorException broken(Path file, String why) {
        return new HypervisorException(FailureCode.AUTHENTICATION_FAILED, "credentials file " + file + ": " + why);
    }
}
