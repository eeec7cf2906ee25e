package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a program with its standard streams on sockets of the I/O threads, so that a connection through it costs no thread
 * that reads a pipe. The JVM can give a child only pipes and files, therefore bash opens two sockets to a listener on the
 * loopback address, says a secret that only it and this process know, and runs the program. The listener is there for that
 * moment only; who does not know the secret is hung up on.
 */
final class ProgramBridge {

    private static final int GRACE_MS = 2000;
    private static final SecureRandom RANDOM = new SecureRandom();
    // the programs need no more; what else this process knows is none of its business
    private static final List<String> ENVIRONMENT = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "TMPDIR",
            "LANG",
            "XDG_RUNTIME_DIR",
            "KRB5CCNAME",
            "SSH_AUTH_SOCK");
    private static final String BRIDGE =
            """
            port=${DROVER_BRIDGE%% *} secret=${DROVER_BRIDGE#* }
            unset DROVER_BRIDGE
            exec 3<>"/dev/tcp/127.0.0.1/$port" 4<>"/dev/tcp/127.0.0.1/$port" || exit 1
            printf 'E%s' "$secret" >&4
            printf 'D%s' "$secret" >&3
            """;

    private final EventLoopGroup loops;
    private final Set<Process> running;
    private final Settings settings;

    /** @param running where each process stands while it lives */
    ProgramBridge(EventLoopGroup loops, Set<Process> running, Settings settings) {
        this.loops = loops;
        this.running = running;
        this.settings = settings;
    }

    /**
     * Starts a program. One that ends with the connection does so two seconds after it at the latest.
     *
     * @param complaints hears its standard error
     * @param carry what to put on the channel that carries the data
     */
    void start(Program program, Complaints complaints, Opening opening, Consumer<Channel> carry) {
        String secret = HexFormat.of().formatHex(random());
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new BridgeHello(secret, complaints, opening, carry));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        opening.ready().whenComplete((channel, failure) -> {
            if (failure == null) {
                // the other stream was opened before this one spoke, but may not have been accepted yet: that would
                // reset it
                complaints.begun().thenRun(listener::close);
            } else {
                listener.close();
            }
        });
        try {
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            Process process = spawn(program, port + " " + secret);
            if (program.endsWithConnection()) {
                running.add(process);
                endWithConnection(process, opening);
            }
            process.onExit().thenAccept(ended -> {
                running.remove(ended);
                if (!opening.ready().isDone()) {
                    opening.fail(startless(program, ended.exitValue(), complaints, opening));
                }
            });
        } catch (IOException e) {
            opening.fail(FailureCode.NO_CONNECT, program.name() + " cannot be started: " + e.getMessage());
        }
    }

    // one that found nobody may have ended before its first word was heard
    private static HypervisorException startless(Program program, int exit, Complaints complaints, Opening opening) {
        return complaints
                .failure(opening)
                .filter(why -> complaints.hasAny())
                .orElseGet(() -> opening.failure(
                        FailureCode.NO_CONNECT,
                        program.name() + " could not be started (exit " + exit
                                + "); bash and what it runs must be on the PATH of this server"));
    }

    private void endWithConnection(Process process, Opening opening) {
        opening.ready().whenComplete((channel, failure) -> {
            if (failure == null) {
                channel.closeFuture().addListener(closed -> end(process));
            } else {
                end(process);
            }
        });
    }

    private Process spawn(Program program, String bridge) throws IOException {
        // -p: no startup file and no function from the environment
        List<String> all = new ArrayList<>(
                List.of("bash", "--norc", "--noprofile", "-p", "-c", BRIDGE + program.script(), "drover"));
        all.addAll(program.arguments());
        var nowhere = new File("/dev/null");
        var builder = new ProcessBuilder(all)
                .redirectInput(nowhere)
                .redirectOutput(nowhere)
                .redirectError(nowhere);
        Map<String, String> environment = builder.environment();
        environment.clear();
        for (String name : ENVIRONMENT) {
            String value = settings.environment().get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("DROVER_BRIDGE", bridge);
        return builder.start();
    }

    private void end(Process process) {
        process.destroy();
        if (!loops.isShuttingDown()) {
            loops.schedule(process::destroyForcibly, GRACE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
