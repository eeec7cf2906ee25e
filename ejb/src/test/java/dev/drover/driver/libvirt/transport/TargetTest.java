package dev.drover.driver.libvirt.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    private static final Settings STRICT =
            new Settings(Set.of(), Path.of("/home/u"), Path.of("/run/user/7"), false, Map.of());
    private static final Settings LAX =
            new Settings(Set.of("no_verify", "command"), Path.of("/home/u"), Path.of("/run/user/7"), false, Map.of());

    private static Target target(String uri) {
        return Target.of(ConnectUri.parse(uri), STRICT);
    }

    private static Failure refusal(String uri) {
        return assertThrows(FailureException.class, () -> target(uri)).failure();
    }

    @ParameterizedTest
    @CsvSource({
        "qemu+tcp://h/system,                Tcp[host=h; port=16509],                                     qemu:///system",
        "qemu+tcp://h:5000/system,           Tcp[host=h; port=5000],                                      qemu:///system",
        "qemu+tcp://[fe80::1]/system,        Tcp[host=fe80::1; port=16509],                               qemu:///system",
        "xen+tcp://h/,                       Tcp[host=h; port=16509],                                     xen:///",
        "qemu://h/system,                    Tls[host=h; port=16514; pkipath=Optional.empty; verify=true], qemu:///system",
        "qemu+tls://h/system?pkipath=/p/k,   Tls[host=h; port=16514; pkipath=Optional[/p/k]; verify=true], qemu:///system",
        "qemu:///system,                     Unix[sockets=[/var/run/libvirt/virtqemud-sock; /var/run/libvirt/libvirt-sock]], qemu:///system",
        "qemu:///system?mode=legacy,         Unix[sockets=[/var/run/libvirt/libvirt-sock]],               qemu:///system",
        "xen+unix:///system?mode=direct,     Unix[sockets=[/var/run/libvirt/virtxend-sock]],              xen:///system",
        "qemu:///session?mode=legacy,        Unix[sockets=[/run/user/7/libvirt/libvirt-sock]],            qemu:///session",
        "qemu+unix:///system?socket=/s/k,    Unix[sockets=[/s/k]],                                        qemu:///system",
        "qemu+tcp://h/system?name=qemu:///session, Tcp[host=h; port=16509],                               qemu:///session",
    })
    void uriMeansWhatItMeansToLibvirt(String uri, String endpoint, String name) {
        Target target = target(uri);
        assertEquals(endpoint.replace(';', ','), target.endpoint().toString());
        assertEquals(name, target.name());
    }

    @ParameterizedTest
    @CsvSource({
        "qemu+tcp://h/system?pkipath=/x,            pkipath",
        "qemu+tcp://h/system?socket=/x,             socket",
        "qemu+tcp://h/system?colour=red,            colour",
        "qemu+tcp://h/system?no_verify=1,           no_verify",
        "qemu+tls://h/system?keyfile=/x,            keyfile",
        "qemu+tls://h/system?mode=direct,           mode",
        "qemu+tls://h/system?pkipath=relative,      pkipath",
        "qemu+tls://h/system?pkipath=,              pkipath",
        "qemu+tls://h/system?no_verify=yes,         no_verify",
        "qemu+unix:///system?proxy=netcat,          proxy",
        "qemu+unix:///system?mode=both,             mode",
        "qemu+unix:///system?socket=rel,            socket",
        "qemu+unix://h/system,                      host name",
        "qemu+tcp:///system,                        host name",
        "qemu+tls:///system,                        host name",
        "qemu+ssh:///system,                        host name",
        "qemu+ssh://h/system?sshauth=agent,         sshauth",
        "qemu+ssh://h/system?pkipath=/x,            pkipath",
        "qemu+ssh://h/system?mode=direct,           mode=direct",
        "qemu+ssh://h/system?proxy=socks,           proxy",
        "qemu+ssh://h/system?no_tty=0,              no_tty",
        "qemu+ssh://h/system?proxy=native&netcat=nc, proxy=native",
        "qemu+ssh://h/system?proxy=native&socket=/s, proxy=native",
        "qemu+ssh://h/session?netcat=nc,            socket",
        "qemu+ssh://h/system?known_hosts_verify=x,  known_hosts_verify",
        "qemu+tcp://h/system?auth=kerberos,         auth",
        "qemu+tcp://h/system?auth=sasl.%27,         auth",
        "qemu+unix:///system?auth=polkit,           polkit",
        "qemu+tcp://h/system?authfile=auth.conf,    authfile",
        "qemu+tcp://h/system?name=a%20b,            name",
    })
    void partThatDoesNotFitIsRefusedByName(String uri, String named) {
        Failure refused = refusal(uri);
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.code());
        assertTrue(refused.message().contains(named), refused::message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libssh", "libssh2", "ext", "rdma"})
    void transportThatIsNotSpokenIsRefusedByName(String transport) {
        Failure refused = refusal("qemu+" + transport + "://h/system");
        assertEquals(FailureCode.NO_SUPPORT, refused.code());
        assertTrue(refused.message().contains(transport), refused::message);
    }

    @Test
    void gnuTlsPrioritiesAreRefused() {
        Failure refused = refusal("qemu+tls://h/system?tls_priority=NORMAL");
        assertEquals(FailureCode.NO_SUPPORT, refused.code());
        assertTrue(refused.message().contains("tls_priority"), refused::message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qemu+tls://h/system?no_verify=1",
                "qemu+ssh://h/system?no_verify=1",
                "qemu+ssh://h/system?known_hosts_verify=ignore",
                "qemu+ssh://h/system?known_hosts_verify=auto",
                "qemu+ssh://h/system?command=/opt/ssh"
            })
    void whatWeakensSecurityNeedsTheAdministratorsPermission(String uri) {
        Failure refused = refusal(uri);
        assertEquals(FailureCode.OPERATION_DENIED, refused.code());
        assertTrue(refused.message().contains(Settings.ALLOW_PROPERTY), refused::message);
        Target.of(ConnectUri.parse(uri), LAX);
    }

    @Test
    void passwordIsOnlyPrivateBehindAVerifiedServer() {
        assertFalse(target("qemu+tcp://h/system").endpoint().isPrivate());
        assertTrue(target("qemu+tls://h/system").endpoint().isPrivate());
        assertTrue(target("qemu+ssh://h/system").endpoint().isPrivate());
        assertTrue(target("qemu:///system").endpoint().isPrivate());
        assertFalse(Target.of(ConnectUri.parse("qemu+tls://h/system?no_verify=1"), LAX)
                .endpoint()
                .isPrivate());
    }

    @Test
    void authenticationIsRead() {
        Target target = target("qemu+tls://anna@h/system?auth=sasl.scram-sha-256&authfile=/a/f");
        assertTrue(target.sasl());
        assertEquals(Optional.of("SCRAM-SHA-256"), target.mechanism());
        assertEquals(Optional.of("anna"), target.user());
        assertEquals(Optional.of(Path.of("/a/f")), target.authfile());
        assertEquals(Optional.empty(), target("qemu+tls://h/system?auth=sasl").mechanism());
        assertFalse(target("qemu+tls://h/system").sasl());
    }

    @Test
    void anotherDaemonIsToldNothingOfThisMachinesFiles() {
        assertEquals(
                "qemu+tls://h/system?auth=sasl.PLAIN",
                Target.asSeenFromElsewhere(
                                ConnectUri.parse("qemu+tls://h/system?pkipath=/p&auth=sasl.PLAIN&authfile=/a"))
                        .toString());
    }

    @Test
    void sshCommandIsLibvirtsWithoutAnythingThatCouldAskOrLinger() {
        var ssh = (Endpoint.Ssh) target("qemu+ssh://anna@h.example:2222/system?keyfile=/k/id&known_hosts=/k/known")
                .endpoint();
        List<String> command = ssh.command();
        assertEquals(List.of("ssh", "-p", "2222", "-l", "anna", "-i", "/k/id"), command.subList(0, 7));
        for (String option : List.of(
                "BatchMode=yes", "ControlPath=none", "StrictHostKeyChecking=yes", "UserKnownHostsFile=/k/known")) {
            assertEquals("-o", command.get(command.indexOf(option) - 1), option);
        }
        assertEquals(List.of("--", "h.example"), command.subList(command.size() - 3, command.size() - 1));
        String remote = command.get(command.size() - 1);
        assertTrue(remote.startsWith("sh -c '") && remote.contains("virt-ssh-helper"), remote);
        assertTrue(remote.endsWith(" drover 'qemu:///system' 'nc' '/var/run/libvirt/libvirt-sock'"), remote);
    }

    @ParameterizedTest
    @CsvSource({
        "qemu+ssh://h/system,                       true, true",
        "qemu+ssh://h/system?proxy=auto,            true, true",
        "qemu+ssh://h/system?proxy=native,          true, false",
        "qemu+ssh://h/session,                      true, false",
        "qemu+ssh://h/system?proxy=netcat,          false, true",
        "qemu+ssh://h/system?netcat=/opt/nc,        false, true",
        "qemu+ssh://h/system?socket=/s,             false, true",
        "qemu+ssh://h/session?socket=/s,            false, true",
    })
    void remoteSideIsTheHelperOrNetcatOrWhicheverIsThere(String uri, boolean helper, boolean netcat) {
        String remote = ((Endpoint.Ssh) target(uri).endpoint())
                .command().stream().reduce((a, b) -> b).orElseThrow();
        assertEquals(helper, remote.contains("virt-ssh-helper"), remote);
        assertEquals(netcat, remote.contains("-U"), remote);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qemu+ssh://-oProxyCommand=x@h/system",
                "qemu+ssh://a%20b@h/system",
                "qemu+ssh://a;b@h/system",
                "qemu+ssh://$(id)@h/system",
                "qemu+ssh://h/system?keyfile=-oProxyCommand",
                "qemu+ssh://h/system?keyfile=/k%0A",
                "qemu+ssh://h/system?known_hosts=/k%20/etc/passwd",
                "qemu+ssh://h/system?known_hosts=/k%25h",
                "qemu+ssh://h/system?netcat=nc%20-e%20sh",
                "qemu+ssh://h/system?netcat=-e",
                "qemu+ssh://h/system?netcat=%24(id)",
                "qemu+ssh://h/system?socket=/s'",
                "qemu+ssh://h/system?socket=/s%3Bid",
                "qemu+ssh://h/system?name=%27%3Bid%3B%27",
                "qemu+ssh://h/system?name=%60id%60",
            })
    void noPartOfTheUriBecomesAnOptionOrAWordOfAShell(String uri) {
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(uri).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu+ssh://-oProxyCommand=id/system", "qemu+ssh://-h/system", "qemu+ssh://h;id/system"})
    void hostThatIsAnOptionIsNoUriAtAll(String uri) {
        assertThrows(FailureException.class, () -> target(uri));
    }

    @Test
    void quotingLeavesNothingToTheShell() {
        assertEquals("'a'\\''b $(c)'", SshCommand.quoted("a'b $(c)"));
    }
}
