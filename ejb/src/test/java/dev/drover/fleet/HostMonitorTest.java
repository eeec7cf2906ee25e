package dev.drover.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.NodeInfo;
import dev.drover.time.VirtualTimers;
import jakarta.enterprise.event.Event;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The monitor's memory: what it shows and what it tells. That it looks at all is seen on the running server. */
class HostMonitorTest {

    private static final Host H1 = new Host("h1", ConnectUri.parse("sim://h1"));

    private final List<String> told = new ArrayList<>();
    private final HostMonitor monitor = monitor();

    @SuppressWarnings({"unchecked", "NullAway"}) // remembering needs neither registry nor inspector
    private HostMonitor monitor() {
        Event<HostMonitor.HostSeen> events = (Event<HostMonitor.HostSeen>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Event.class}, (proxy, method, arguments) -> {
                    var seen = (HostMonitor.HostSeen) arguments[0];
                    String before =
                            seen.before().map(picture -> picture.state().name()).orElse("nothing");
                    told.add(before + ">" + seen.now().state());
                    return null;
                });
        return new HostMonitor(null, null, new VirtualTimers(Instant.EPOCH), Runnable::run, events);
    }

    private static HostSnapshot online(long freeMiB) {
        return HostSnapshot.online(H1, new NodeInfo("x", 2, 100, freeMiB), List.of(), Instant.EPOCH);
    }

    private static HostSnapshot offline() {
        return HostSnapshot.offline(H1, Failure.of(FailureCode.HOST_OFFLINE, "no route"), Instant.EPOCH);
    }

    @Test
    void nothingIsShownBeforeTheFirstLook() {
        assertEquals(Optional.empty(), monitor.latest("h1"));
    }

    @Test
    void theLatestPictureIsShown() {
        monitor.remember(online(10));
        monitor.remember(online(20));
        assertEquals(Optional.of(online(20)), monitor.latest("h1"));
    }

    @Test
    void onlyComingAndGoingIsTold() {
        monitor.remember(online(10));
        monitor.remember(online(20));
        monitor.remember(offline());
        monitor.remember(offline());
        monitor.remember(online(30));
        assertEquals(List.of("nothing>ONLINE", "ONLINE>OFFLINE", "OFFLINE>ONLINE"), told);
    }
}
