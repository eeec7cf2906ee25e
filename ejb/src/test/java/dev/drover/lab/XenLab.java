package dev.drover.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Xen lab as Java methods: hosts a and b, each a Xen hypervisor inside an emulated machine. Needs root to build; one lab
 * a machine, since its loopback ports are fixed.
 */
public final class XenLab implements AutoCloseable {

    public static final List<String> HOSTS = List.of("a", "b");

    private final Script script;

    private XenLab(Script script) {
        this.script = script;
    }

    /** Builds what is missing and brings both hosts up, after clearing what an interrupted run left behind. */
    public static XenLab up() throws IOException, InterruptedException {
        XenLab lab = new XenLab(new Script(
                Path.of(System.getProperty("lab-xen.script")), Path.of(System.getProperty("lab-xen.folder"))));
        lab.script.run("down");
        try {
            // it takes minutes, and says meanwhile what it does
            System.out.print(lab.script.run("build"));
            System.out.print(lab.script.run("up"));
        } catch (IOException | InterruptedException e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    /** As DROVER_HOSTS wants them. */
    public String seed() {
        return "a=" + uri("a") + ",b=" + uri("b");
    }

    public static String uri(String host) {
        return "xen+tcp://127.0.0.1:1700" + (HOSTS.indexOf(host) + 1) + "/system";
    }

    /** Where that host is reached for the data of a migration, between the hosts. */
    public static String address(String host) {
        return "10.77.0." + (HOSTS.indexOf(host) + 1);
    }

    /** The one that is not {@code host}. */
    public static String other(String host) {
        return HOSTS.get(1 - HOSTS.indexOf(host));
    }

    /** Starts a self-checking PVH guest of 96 MiB, the least it can do with. */
    public void start(String host, String guest) throws IOException, InterruptedException {
        script.run("start", host, guest, "96");
    }

    /** Only defines a guest there, under a UUID of its own. */
    public void define(String host, String guest) throws IOException, InterruptedException {
        Path file = script.folder().resolve(guest + "-" + host + ".xml");
        java.nio.file.Files.writeString(file, script.run("xml", guest, "96"));
        virsh(host, "define", file.toString());
    }

    /** Starts a guest that the host keeps a definition of. */
    public void startDefined(String host, String guest) throws IOException, InterruptedException {
        define(host, guest);
        virsh(host, "start", guest);
    }

    /** Waits until the guest has verified all of its memory once more, on that host; fails when it is damaged or still. */
    public void checkMemory(String host, String guest) throws IOException, InterruptedException {
        script.run("check", host, guest, "pass");
    }

    /** Waits until the guest has said on its console that it is up; before, there is no memory to prove. */
    public void awaitReport(String host, String guest) throws IOException, InterruptedException {
        script.run("await", host, guest);
    }

    /** The hosts on which libvirt says that the guest runs. */
    public List<String> whereRunning(String guest) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (String host : HOSTS) {
            if (running(host).contains(guest)) {
                found.add(host);
            }
        }
        return found;
    }

    /** Domain-0, the host itself, is not among them. */
    public List<String> running(String host) throws IOException, InterruptedException {
        return names(virsh(host, "list", "--state-running", "--name"));
    }

    /** The guests that Xen itself knows of, whatever libvirt says. */
    public List<String> known(String host) throws IOException, InterruptedException {
        return names(script.run("enter", host, "xl list | awk 'NR > 1 { print $1 }'"));
    }

    private static List<String> names(String lines) {
        return lines.lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equals("Domain-0"))
                .toList();
    }

    /** Ends every guest on that host but one, and forgets every definition there. @param kept empty to keep none */
    public void clearBut(String host, Optional<String> kept) throws IOException, InterruptedException {
        for (String name : names(virsh(host, "list", "--name"))) {
            if (!kept.equals(Optional.of(name))) {
                virsh(host, "destroy", name);
            }
        }
        for (String name : names(virsh(host, "list", "--all", "--name"))) {
            if (!kept.equals(Optional.of(name))) {
                virsh(host, "undefine", name);
            }
        }
    }

    /** Ends the daemon there and starts another, the only way to end a job that was left behind; guests go on. */
    public void restartDaemon(String host) throws IOException, InterruptedException {
        script.run("libvirtd-restart", host);
    }

    private static String virsh(String host, String... arguments) throws IOException, InterruptedException {
        return Script.virsh(uri(host), arguments);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        script.run("down");
    }
}
