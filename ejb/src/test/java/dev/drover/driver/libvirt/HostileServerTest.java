package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that breaks the protocol costs its own connection, in bounded time, memory and threads, and no other. */
class HostileServerTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ConnectOptions NORMAL =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ZERO, 5);
    private static final ConnectOptions HASTY =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(3), Duration.ZERO, 5);
    private static final ConnectOptions SHORT_OPEN =
            new ConnectOptions(Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ZERO, 5);

    private final LibvirtDriver driver = new LibvirtDriver();
    private FakeDaemon good;
    private HypervisorConnection healthy;

    @BeforeEach
    void openAHealthyConnection() throws IOException {
        good = new FakeDaemon();
        healthy = driver.open(good.uri(), NORMAL);
    }

    @AfterEach
    void healthyConnectionStillWorks() throws IOException {
        assertTrue(healthy.isOpen());
        assertEquals("fake", healthy.hostname());
        healthy.close();
        good.close();
        driver.close();
    }

    /** What comes in place of the answer to the question for the host's name. */
    enum Answer {
        OVERSIZED_FRAME(true) {
            @Override
            byte[] to(Header call) {
                return word(Integer.MAX_VALUE);
            }
        },
        ONE_BYTE_OVER_THE_LIMIT(true) {
            @Override
            byte[] to(Header call) {
                return word(Limits.FRAME + 1);
            }
        },
        NEGATIVE_LENGTH(true) {
            @Override
            byte[] to(Header call) {
                return word(-1);
            }
        },
        LENGTH_BELOW_ITS_OWN_SIZE(true) {
            @Override
            byte[] to(Header call) {
                return word(3);
            }
        },
        FRAME_WITHOUT_A_HEADER(true) {
            @Override
            byte[] to(Header call) {
                return word(4);
            }
        },
        SERIAL_OF_NO_CALL(true) {
            @Override
            byte[] to(Header call) {
                return header(call.program(), call.serial() + 1000).frame(new byte[0]);
            }
        },
        ENDLESS_STRING(false) {
            @Override
            byte[] to(Header call) {
                return FakeDaemon.header(call).frame(word(0x7fffffff));
            }
        },
        STRING_LONGER_THAN_THE_MESSAGE(false) {
            @Override
            byte[] to(Header call) {
                return FakeDaemon.header(call).frame(word(100));
            }
        },
        TRUNCATED_REPLY(false) {
            @Override
            byte[] to(Header call) {
                return FakeDaemon.header(call).frame(new byte[2]);
            }
        };

        final boolean endsTheConnection;

        Answer(boolean endsTheConnection) {
            this.endsTheConnection = endsTheConnection;
        }

        abstract byte[] to(Header call);

        static byte[] word(int value) {
            return ByteBuffer.allocate(4).putInt(value).array();
        }

        static Header header(int program, int serial) {
            return new Header(
                    program,
                    Header.VERSION,
                    Procedure.CONNECT_GET_HOSTNAME,
                    Header.TYPE_REPLY,
                    serial,
                    Header.STATUS_OK);
        }
    }

    private FakeDaemon answering(FakeDaemon.Misdeed misdeed) throws IOException {
        return new FakeDaemon((call, args, socket) ->
                call.procedure() == Procedure.CONNECT_GET_HOSTNAME && misdeed.on(call, args, socket));
    }

    @ParameterizedTest
    @EnumSource(Answer.class)
    void nonsenseFailsItsCallAtOnce(Answer answer) throws Exception {
        try (FakeDaemon bad = answering((call, args, socket) -> {
                    FakeDaemon.write(socket, answer.to(call));
                    return true;
                });
                HypervisorConnection connection = driver.open(bad.uri(), NORMAL)) {
            long before = memory();
            HypervisorException failed = assertTimeoutPreemptively(
                    BOUND, () -> assertThrows(HypervisorException.class, connection::hostname));
            assertEquals(FailureCode.RPC_ERROR, failed.failure().code());
            assertEquals(!answer.endsTheConnection, connection.isOpen());
            assertTrue(memory() - before < 64L << 20, "a length that a stranger named was believed");
        }
    }

    // allocated by all threads of the I/O group and this one, or nearly; garbage counts too
    private static long memory() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    @Test
    void programThatWasNeverAskedForIsPassedOver() throws Exception {
        try (FakeDaemon bad = answering((call, args, socket) -> {
                    FakeDaemon.write(
                            socket, Answer.header(0x12345678, call.serial()).frame(new byte[8]));
                    return false;
                });
                HypervisorConnection connection = driver.open(bad.uri(), NORMAL)) {
            assertEquals("fake", connection.hostname());
        }
    }

    @Test
    void halfClosedSocketEndsTheConnectionAndItsCalls() throws Exception {
        var heard = new CountDownLatch(1);
        try (FakeDaemon bad = answering((call, args, socket) -> {
                    socket.shutdownOutput();
                    return true;
                });
                HypervisorConnection connection = driver.open(bad.uri(), NORMAL)) {
            connection.subscribe(event -> {
                if (event instanceof HypervisorEvent.ConnectionClosed closed
                        && closed.cause().isPresent()) {
                    heard.countDown();
                }
            });
            assertThrows(HypervisorException.class, connection::hostname);
            assertTrue(heard.await(60, TimeUnit.SECONDS), "nobody was told that the connection was lost");
            assertFalse(connection.isOpen());
        }
    }

    @Test
    void answerThatComesByteByByteEndsByTheCallsDeadline() throws Exception {
        var over = new CountDownLatch(1);
        try (FakeDaemon bad = answering((call, args, socket) -> {
                    drip(
                            socket,
                            FakeDaemon.header(call)
                                    .frame(new XdrWriter().string("slow").bytes()),
                            over);
                    return true;
                });
                HypervisorConnection connection = driver.open(bad.uri(), HASTY)) {
            HypervisorException late = assertTimeoutPreemptively(
                    BOUND, () -> assertThrows(HypervisorException.class, connection::hostname));
            assertEquals(FailureCode.AGENT_UNRESPONSIVE, late.failure().code());
            over.countDown();
        }
    }

    /** A byte each second, until it is over. */
    private static void drip(Socket socket, byte[] bytes, CountDownLatch over) throws IOException {
        for (byte each : bytes) {
            FakeDaemon.write(socket, new byte[] {each});
            try {
                if (over.await(1, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Test
    void serverThatAcceptsAndSaysNothingEndsByTheConnectTimeout() throws Exception {
        try (FakeDaemon mute = new FakeDaemon((call, args, socket) -> true)) {
            HypervisorException late = assertTimeoutPreemptively(
                    BOUND, () -> assertThrows(HypervisorException.class, () -> driver.open(mute.uri(), SHORT_OPEN)));
            assertEquals(FailureCode.NO_CONNECT, late.failure().code());
        }
    }

    @Test
    void serverThatSpeaksNoTlsIsRefusedByTheConnectTimeout(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws Exception {
        new dev.drover.driver.libvirt.transport.TestPki("any").client(folder);
        try (FakeDaemon mute = new FakeDaemon((call, args, socket) -> true)) {
            HypervisorException refused = assertTimeoutPreemptively(
                    BOUND,
                    () -> assertThrows(
                            HypervisorException.class,
                            () -> driver.open(mute.uri("tls", "?pkipath=" + folder), SHORT_OPEN)));
            assertTrue(
                    List.of(FailureCode.NO_CONNECT, FailureCode.AUTHENTICATION_FAILED)
                            .contains(refused.failure().code()),
                    refused.failure()::message);
        }
    }

    @Test
    void floodOfEventsThatNobodyAskedForDelaysNoAnswerOfOthers() throws Exception {
        var heard = new AtomicInteger();
        int events = 20_000;
        try (FakeDaemon bad = answering((call, args, socket) -> {
                    flood(socket, events);
                    return false;
                });
                HypervisorConnection connection = driver.open(bad.uri(), NORMAL)) {
            connection.subscribe(event -> heard.incrementAndGet());
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            assertEquals("fake", connection.hostname());
            assertEquals("fake", healthy.hostname());
            assertEquals(events / 2, heard.get(), "events of a kind that is known, in order before the answer");
            assertTrue(ManagementFactory.getThreadMXBean().getThreadCount() <= threads + 1);
        }
    }

    // every second one of a kind that does not exist
    private static void flood(Socket socket, int events) throws IOException {
        var known = new XdrWriter().int32(1);
        new DomainRef("guest", new UUID(1, 2), 3).write(known);
        byte[] lifecycle = known.int32(2).int32(0).bytes();
        var all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < events / 2; i++) {
            all.writeBytes(event(Procedure.DOMAIN_EVENT_CALLBACK_LIFECYCLE).frame(lifecycle));
            all.writeBytes(event(9999).frame(lifecycle));
        }
        FakeDaemon.write(socket, all.toByteArray());
    }

    private static Header event(int procedure) {
        return new Header(Header.REMOTE_PROGRAM, Header.VERSION, procedure, Header.TYPE_MESSAGE, 0, Header.STATUS_OK);
    }

    @Test
    void manyHostileServersCostNoThread() throws Exception {
        Set<Thread> before = ioThreads();
        for (int i = 0; i < 50; i++) {
            try (FakeDaemon bad = answering((call, args, socket) -> {
                        FakeDaemon.write(socket, Answer.word(-1));
                        socket.close();
                        return true;
                    });
                    HypervisorConnection connection = driver.open(bad.uri(), NORMAL)) {
                assertThrows(HypervisorException.class, connection::hostname);
            }
        }
        Set<Thread> more = ioThreads();
        more.removeAll(before);
        // the second of the driver's two may not have had work before
        assertTrue(more.size() <= 1, more::toString);
    }

    private static Set<Thread> ioThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("drover-libvirt"))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
