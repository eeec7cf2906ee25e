package dev.drover.it;

import dev.drover.lab.Lab;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A lab host's libvirtd under an address of this machine on the lab's own network, where this server and the other hosts
 * reach it alike: so a migration may be peer to peer. It hands on whole messages, each through a {@link Passage}, and when one
 * end of a connection goes, it takes the other end down with it, as the kernel does for a process that was killed.
 */
final class PhaseProxy implements AutoCloseable {

    private static final int LIBVIRTD = 16509;

    private final String host;
    private final ServerSocket door;
    private final InetSocketAddress daemon;
    private final Supplier<Passage> passage;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * @param here address of this machine to listen at
     * @param host its name in the lab
     * @param passage asked for at each message
     */
    PhaseProxy(String here, String host, Supplier<Passage> passage) throws IOException {
        this.host = host;
        this.door = new ServerSocket(0, 50, InetAddress.getByName(here));
        this.daemon = new InetSocketAddress(Lab.address(host), LIBVIRTD);
        this.passage = passage;
        daemonThread("door", this::letIn);
    }

    /** The connect URI of the host through this proxy. */
    String uri() {
        return "qemu+tcp://" + door.getInetAddress().getHostAddress() + ":" + door.getLocalPort() + "/system";
    }

    private void letIn() {
        while (!door.isClosed()) {
            try {
                Socket client = keep(door.accept());
                Socket server = keep(new Socket());
                try {
                    server.connect(daemon);
                } catch (IOException e) {
                    // the client sees what it would see without this proxy: nobody there
                    end(client, server);
                    continue;
                }
                daemonThread("call", () -> carry(client, server));
                daemonThread("reply", () -> carry(server, client));
            } catch (IOException e) {
                // the door was closed, or a client has gone before it was let in
                continue;
            }
        }
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    private void carry(Socket from, Socket to) {
        try {
            var in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            OutputStream out = to.getOutputStream();
            while (true) {
                passage.get().meet(new Delivery(RpcFrame.read(host, in), to, out));
            }
        } catch (IOException e) {
            end(from, to);
        }
    }

    private void end(Socket... sockets) {
        for (Socket socket : sockets) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone either way
                continue;
            }
        }
    }

    private static void daemonThread(String name, Runnable work) {
        Thread thread = new Thread(work, "phase-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        end(open.toArray(Socket[]::new));
    }
}
