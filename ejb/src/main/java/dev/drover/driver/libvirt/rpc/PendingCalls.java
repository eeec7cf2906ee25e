package dev.drover.driver.libvirt.rpc;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.RemoteError;
import dev.drover.driver.libvirt.wire.WireException;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.hypervisor.HypervisorException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** The calls of a connection that wait for their answers, by serial. Each ends once, whoever comes first. */
final class PendingCalls {

    private final Map<Integer, Call> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger serials = new AtomicInteger();

    /**
     * A call under way.
     *
     * @param patience how long the caller waits, for the message
     * @param deadline when that is over, as {@link Deadlines} counts
     */
    record Call(int serial, int procedure, Duration patience, long deadline, CompletableFuture<XdrReader> answer) {}

    Call add(int procedure, Duration patience, long deadline) {
        var call = new Call(serials.incrementAndGet(), procedure, patience, deadline, new CompletableFuture<>());
        waiting.put(call.serial, call);
        return call;
    }

    /**
     * Ends the call that a reply belongs to.
     *
     * @throws WireException when the reply makes no sense; its call waits on, to end with the connection
     */
    void answer(Header header, XdrReader body) {
        Call call = waiting.get(header.serial());
        if (call == null) {
            // the answer to a call whose deadline has passed
            if (isNeverMade(header.serial(), serials.get())) {
                throw new WireException(
                        "a reply to call " + Integer.toUnsignedString(header.serial()) + ", which was never made");
            }
            return;
        }
        if (header.procedure() != call.procedure) {
            throw new WireException("a reply of procedure " + header.procedure() + " to a call of " + call.procedure);
        }
        if (header.status() == Header.STATUS_OK) {
            waiting.remove(call.serial);
            call.answer.complete(body);
        } else {
            HypervisorException error = RemoteError.read(body);
            fail(call, () -> error);
        }
    }

    /** Serials wrap around: of those half a circle behind the last one it is believed that they were made. */
    static boolean isNeverMade(int serial, int last) {
        return serial - last > 0;
    }

    /**
     * Ends the calls whose deadline has passed.
     *
     * @return the earliest deadline of the others, or {@link Deadlines#NONE}
     */
    long expire(long now, Function<Duration, HypervisorException> why) {
        long next = Deadlines.NONE;
        for (Call call : waiting.values()) {
            if (call.deadline <= now) {
                fail(call, () -> why.apply(call.patience));
            } else {
                next = Math.min(next, call.deadline);
            }
        }
        return next;
    }

    void failAll(Supplier<HypervisorException> why) {
        waiting.values().forEach(call -> fail(call, why));
    }

    void fail(Call call, Supplier<HypervisorException> why) {
        if (waiting.remove(call.serial, call)) {
            call.answer.completeExceptionally(why.get());
        }
    }
}
