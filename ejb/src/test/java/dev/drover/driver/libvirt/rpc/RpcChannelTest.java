package dev.drover.driver.libvirt.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls and answers, against a peer that says what the test wants. */
class RpcChannelTest {

    private static final int PROCEDURE = 157;
    private static final byte[] NOTHING = {};
    private static final Duration FOR_EVER = Duration.ZERO;

    private final List<Optional<Failure>> ends = new ArrayList<>();
    private final RpcChannel rpc = new RpcChannel(
            "qemu+tcp://h1/system",
            new ConnectOptions(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5), 5),
            new RpcChannel.Listener() {
                @Override
                public void event(int procedure, XdrReader body) {}

                @Override
                public void closed(Optional<Failure> cause) {
                    ends.add(cause);
                }
            });
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new LengthFieldBasedFrameDecoder(Limits.FRAME, 0, 4, -4, 4), rpc);

    @Test
    void answersFindTheirCallsInAnyOrder() {
        var first = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        var second = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        reply(PROCEDURE, 2, Header.STATUS_OK, new XdrWriter().int32(22));
        reply(PROCEDURE, 1, Header.STATUS_OK, new XdrWriter().int32(11));
        assertEquals(11, first.join().int32());
        assertEquals(22, second.join().int32());
    }

    /** Found by reading: the call was forgotten before its error was read, and then nobody ended it. */
    @Test
    void callWhoseErrorMakesNoSenseEndsWithTheConnection() {
        var call = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        var other = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        reply(PROCEDURE, 1, Header.STATUS_ERROR, new XdrWriter().int32(1));
        assertEquals(FailureCode.RPC_ERROR, failure(call).code());
        assertTrue(failure(other).message().contains("the message ends too early"), failure(other)::message);
        assertFalse(rpc.isOpen());
        assertEquals(1, ends.size());
    }

    @Test
    void answerOfAnotherProcedureEndsTheConnection() {
        var call = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        reply(PROCEDURE + 1, 1, Header.STATUS_OK, new XdrWriter().int64(0));
        assertTrue(failure(call).message().contains("a reply of procedure 158"), failure(call)::message);
    }

    @Test
    void answerToACallNeverMadeEndsTheConnection() {
        var call = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        reply(PROCEDURE, 2, Header.STATUS_OK, new XdrWriter().int64(0));
        assertTrue(failure(call).message().contains("call 2, which was never made"), failure(call)::message);
    }

    @Test
    void serialsMayWrapAround() {
        assertTrue(PendingCalls.isNeverMade(8, 7));
        assertFalse(PendingCalls.isNeverMade(7, 7));
        assertFalse(PendingCalls.isNeverMade(Integer.MAX_VALUE, Integer.MIN_VALUE));
        assertTrue(PendingCalls.isNeverMade(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    @Test
    void nothingIsReadBehindBytesThatMakeNoSense() {
        var call = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        byte[] nonsense = {0, 0, 0, 5, 1};
        byte[] answer = frame(PROCEDURE, 1, Header.STATUS_OK, new XdrWriter().int64(0));
        channel.writeInbound(Unpooled.wrappedBuffer(nonsense, answer));
        assertEquals(FailureCode.RPC_ERROR, failure(call).code());
    }

    @Test
    void callPastItsDeadlineFailsAloneAndItsLateAnswerIsIgnored() throws InterruptedException {
        var patient = rpc.call(PROCEDURE, NOTHING, FOR_EVER);
        var hasty = rpc.call(PROCEDURE, NOTHING, Duration.ofNanos(1));
        // the alarm is due by the clock that the driver reads and by the channel's
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(FailureCode.AGENT_UNRESPONSIVE, failure(hasty).code());
        reply(PROCEDURE, 2, Header.STATUS_OK, new XdrWriter().int64(0));
        assertFalse(patient.isDone());
        assertTrue(rpc.isOpen());
    }

    @Test
    void pingIsAnsweredAndAnythingHeardIsASignOfLife() {
        keepalive(1);
        ByteBuf pong = channel.readOutbound();
        assertEquals(Header.KEEPALIVE_PROGRAM, pong.getInt(4));
        assertEquals(2, pong.getInt(12));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(5));
            keepalive(2);
        }
        assertTrue(rpc.isOpen());
        for (int i = 0; i < 6; i++) {
            pass(Duration.ofSeconds(5));
        }
        assertFalse(rpc.isOpen());
        assertTrue(ends.get(0).orElseThrow().message().contains("no sign of life for PT25S"), ends::toString);
    }

    @Test
    void peerThatReadsNothingGetsNoPongs() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        keepalive(1);
        assertNull(channel.readOutbound());
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        keepalive(1);
        assertInstanceOf(ByteBuf.class, channel.readOutbound());
    }

    @Test
    void callOnAClosedConnectionFailsAtOnce() {
        rpc.close();
        assertEquals(
                FailureCode.RPC_ERROR,
                failure(rpc.call(PROCEDURE, NOTHING, FOR_EVER)).code());
        assertEquals(List.of(Optional.empty()), ends);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private void keepalive(int procedure) {
        channel.writeInbound(Unpooled.wrappedBuffer(Header.keepalive(procedure).frame(NOTHING)));
    }

    private void reply(int procedure, int serial, int status, XdrWriter body) {
        channel.writeInbound(Unpooled.wrappedBuffer(frame(procedure, serial, status, body)));
    }

    private static byte[] frame(int procedure, int serial, int status, XdrWriter body) {
        return new Header(Header.REMOTE_PROGRAM, Header.VERSION, procedure, Header.TYPE_REPLY, serial, status)
                .frame(body.bytes());
    }

    private static Failure failure(CompletableFuture<?> call) {
        assertTrue(call.isDone(), "the call waits");
        var thrown = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(HypervisorException.class, thrown.getCause()).failure();
    }
}
