package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import dev.drover.run.Server;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS, SASL and ssh as the deployed application has them: with the server's class loaders, security providers,
 * environment and credential store, which no test outside it sees.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureTransportsLabIT {

    private static final String WRONG = Server.newPassword();

    private DroverServer server;
    private Lab lab;

    @BeforeAll
    void bringUp(@TempDir Path folder) throws IOException, InterruptedException {
        lab = Lab.up(3);
        lab.auth("h2", "tls", "sasl");
        lab.auth("h3", "tls", "sasl");
        lab.sshd("h3");
        // the right password for h2 is in the server's credential store alone; h3 is reached by ssh too, where its
        // daemon
        // asks for none
        Path authFile = folder.resolve("auth.conf");
        Files.writeString(
                authFile,
                "[credentials-wrong]\nauthname=lab\npassword=" + WRONG
                        + "\n[auth-libvirt-default]\ncredentials=wrong\n");
        // a copy, since its configuration is changed
        server = new DroverServer(1, Map.of());
        server.start(
                String.join(
                        ",",
                        "h1=" + tls("h1"),
                        "h2=" + tls("h2"),
                        "h3=qemu+ssh://root@" + Lab.address("h3") + "/system?keyfile=" + lab.sshKey() + "&known_hosts="
                                + lab.knownHosts()),
                Map.of("LIBVIRT_AUTH_FILE", authFile.toString()));
        keepPassword("h2");
    }

    /** As src/docs/CONNECTING.md says. */
    private void keepPassword(String host) throws IOException, InterruptedException {
        String elytron = "/subsystem=elytron/";
        server.cli(
                elytron + "credential-store=drover:add(path=drover.p12,relative-to=jboss.server.config.dir,create=true,"
                        + "modifiable=true,credential-reference={clear-text=" + Server.newPassword()
                        + "},implementation-properties={keyStoreType=PKCS12})");
        server.cli(elytron + "credential-store=drover:add-alias(alias=fleet,secret-value=\"" + lab.password() + "\")");
        server.cli(elytron + "authentication-configuration=fleet:add(authentication-name=lab,"
                + "credential-reference={store=drover,alias=fleet})");
        server.cli(elytron + "authentication-context=drover:add(match-rules=[{match-protocol=libvirt,match-host="
                + Lab.address(host) + ",authentication-configuration=fleet}])");
        server.cli("/subsystem=elytron:write-attribute(name=default-authentication-context,value=drover)");
        server.cli(":reload");
        await("the server is back", server.rest()::isReady);
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        try {
            server.stop();
        } finally {
            lab.close();
        }
    }

    @Test
    void guestMovesFromTlsToSaslAndOnToSsh() throws IOException, InterruptedException {
        awaitAllOnline();
        lab.start("h1", "s1");

        evacuate("h1", "h2");
        lab.checkMemory("s1");
        evacuate("h2", "h3");
        lab.checkMemory("s1");
    }

    private void evacuate(String from, String to) throws IOException, InterruptedException {
        String id = server.rest()
                .post("evacuations", "{\"host\":\"" + from + "\",\"targets\":[\"" + to + "\"]}")
                .getString("id");
        JsonObject end = server.ended(id);

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals(1, DroverServer.moved(end), end::toString);
        assertEquals(List.of(to), lab.whereRunning("s1"));
    }

    @Test
    void wrongPasswordIsToldWithoutShowingIt() throws IOException, InterruptedException {
        String body = "{\"name\":\"wrong\",\"uri\":\"" + tls("h3") + "\"}";
        assertEquals(201, server.rest().send("POST", "hosts", body).statusCode());
        // until the first attempt has ended it is only said to be under way
        await("the login was refused", () -> problem("wrong").contains("the server refuses lab by SCRAM-SHA-256"));

        String problem = problem("wrong");
        assertTrue(problem.contains("AUTHENTICATION_FAILED"), problem);
        assertEquals("OFFLINE", host("wrong").getString("state"));
        assertFalse(problem.contains(WRONG), "the problem shows the password");
        assertTrue(server.log().contains("the server refuses lab by SCRAM-SHA-256"), "the log does not tell of it");
        assertFalse(server.log().contains(WRONG), "the log shows the password");
        assertEquals(204, server.rest().send("DELETE", "hosts/wrong", "").statusCode());
    }

    @Test
    void serverHasNothingToSayAboutModulesAndClasses() throws IOException, InterruptedException {
        awaitAllOnline();
        List<String> complaints = server.log()
                .lines()
                .filter(line -> Stream.of("WFLYSRV0018", "NoClassDefFoundError", "ClassNotFoundException")
                        .anyMatch(line::contains))
                .toList();
        assertEquals(List.of(), complaints);
    }

    @Test
    void passwordOutOfTheCredentialStoreIsInNoLog() throws IOException, InterruptedException {
        awaitAllOnline();
        assertFalse(server.log().contains(lab.password()), "the log shows the password");
    }

    private void awaitAllOnline() throws IOException, InterruptedException {
        for (String host : List.of("h1", "h2", "h3")) {
            await(host + " is online", () -> host(host).getString("state").equals("ONLINE"));
        }
    }

    private JsonObject host(String name) throws IOException, InterruptedException {
        return server.rest().get("hosts").asJsonArray().getValuesAs(JsonValue::asJsonObject).stream()
                .filter(host -> host.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String problem(String host) throws IOException, InterruptedException {
        return String.valueOf(host(host).get("problem"));
    }

    private String tls(String host) {
        return "qemu+tls://" + Lab.address(host) + "/system?pkipath=" + lab.pki();
    }
}
