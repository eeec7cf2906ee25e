package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.model.ConnectUri;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A daemon on the loopback address that answers the opening calls as libvirt does, and one call after that as a test
 * wants. Each connection has a thread, which ends with it.
 */
class FakeDaemon implements AutoCloseable {

    /** What a connection does with a call that is not answered as usual. */
    @FunctionalInterface
    interface Misdeed {
        /** @return whether the call is done with; otherwise it is answered as usual */
        boolean on(Header call, XdrReader args, Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final Misdeed misdeed;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** One that does no wrong. */
    FakeDaemon() throws IOException {
        this((call, args, socket) -> false);
    }

    FakeDaemon(Misdeed misdeed) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), misdeed);
    }

    FakeDaemon(ServerSocket listener, Misdeed misdeed) {
        this.listener = listener;
        this.misdeed = misdeed;
        start(this::accept, "fake-daemon");
    }

    ConnectUri uri() {
        return uri("tcp", "");
    }

    ConnectUri uri(String transport, String query) {
        return ConnectUri.parse("qemu+" + transport + "://127.0.0.1:" + listener.getLocalPort() + "/system" + query);
    }

    private static void start(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket), "fake-daemon-connection");
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            greet(socket);
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] frame = new byte[in.readInt() - 4];
                in.readFully(frame);
                var body = new XdrReader(frame);
                Header call = Header.read(body);
                if (call.program() == Header.REMOTE_PROGRAM && !misdeed.on(call, body, socket)) {
                    reply(socket, call, usual(call.procedure()).bytes());
                }
            }
        } catch (IOException e) {
            // the other side has hung up
        }
    }

    /** What is said before the first call. */
    void greet(Socket socket) throws IOException {}

    private static XdrWriter usual(int procedure) {
        return switch (procedure) {
            case Procedure.AUTH_LIST -> new XdrWriter().int32(1).int32(0);
            case Procedure.CONNECT_GET_TYPE -> new XdrWriter().string("QEMU");
            case Procedure.CONNECT_GET_HOSTNAME -> new XdrWriter().string("fake");
            case Procedure.CONNECT_GET_LIB_VERSION -> new XdrWriter().int64(9_000_000);
            default -> new XdrWriter().int32(1);
        };
    }

    static void reply(Socket socket, Header call, byte[] body) throws IOException {
        write(socket, header(call).frame(body));
    }

    /** Of an answer to {@code call}. */
    static Header header(Header call) {
        return new Header(
                Header.REMOTE_PROGRAM,
                Header.VERSION,
                call.procedure(),
                Header.TYPE_REPLY,
                call.serial(),
                Header.STATUS_OK);
    }

    static void write(Socket socket, byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        synchronized (socket) {
            out.write(bytes);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
