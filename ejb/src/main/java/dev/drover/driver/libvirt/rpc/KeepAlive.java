package dev.drover.driver.libvirt.rpc;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.hypervisor.ConnectOptions;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** libvirt's keepalive, both ways: pings a silent peer, answers its pings. Lives on the channel's I/O thread. */
final class KeepAlive {

    private static final int PING = 1;
    private static final int PONG = 2;

    private final Outlet outlet;
    private final ConnectOptions options;
    private final Consumer<String> dead;
    private int unanswered;

    /** @param dead told why, when the peer has been silent for too long */
    KeepAlive(Outlet outlet, ConnectOptions options, Consumer<String> dead) {
        this.outlet = outlet;
        this.options = options;
        this.dead = dead;
    }

    void start(Channel channel) {
        long interval = options.keepaliveInterval().toNanos();
        if (interval > 0) {
            // at a fixed rate those that a pause of this machine held up would follow each other, with no time for an
            // answer
            var pings =
                    channel.eventLoop().scheduleWithFixedDelay(this::ping, interval, interval, TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> pings.cancel(false));
        }
    }

    /** Anything at all was heard. */
    void heard() {
        unanswered = 0;
    }

    void heard(Header header) {
        if (header.procedure() == PING) {
            send(PONG);
        }
    }

    private void ping() {
        if (unanswered >= options.keepaliveCount()) {
            dead.accept("no sign of life for " + options.keepaliveInterval().multipliedBy(unanswered));
            return;
        }
        unanswered++;
        send(PING);
    }

    // a peer that floods with pings and reads no answer must not fill this side's memory
    private void send(int procedure) {
        if (outlet.isFlowing()) {
            outlet.send(Header.keepalive(procedure).frame(new byte[0]));
        }
    }
}
