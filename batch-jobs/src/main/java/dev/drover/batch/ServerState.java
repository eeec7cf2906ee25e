package dev.drover.batch;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Whether the application server is on its way down, as it says of itself over JMX. */
final class ServerState {

    private static final String SERVER = "jboss.as:management-root=server";

    private ServerState() {}

    static boolean isGoingDown() {
        try {
            Object state =
                    ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(SERVER), "suspendState");
            return !"RUNNING".equals(state);
        } catch (JMException e) {
            // another server, or one without that bean: a stop counts as the operator's
            return false;
        }
    }
}
