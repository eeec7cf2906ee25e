package dev.drover.it;

import java.io.IOException;
import java.net.MalformedURLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** The remote connector that WildFly's jconsole.sh uses. All operations take texts. */
final class JmxClient implements AutoCloseable {

    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final List<Notification> heard = new CopyOnWriteArrayList<>();

    // a JMX client is a JNDI user by nature; this one connects to the server that the test started
    @SuppressWarnings("BanJNDI")
    JmxClient(int port, String user, String password) throws IOException, JMException {
        this.connector =
                JMXConnectorFactory.connect(url(port), Map.of(JMXConnector.CREDENTIALS, new String[] {user, password}));
        this.server = connector.getMBeanServerConnection();
        server.addNotificationListener(
                name("type=Evacuations"), (notification, handback) -> heard.add(notification), null, null);
    }

    private static JMXServiceURL url(int port) throws MalformedURLException {
        return new JMXServiceURL("service:jmx:remote+http://127.0.0.1:" + port);
    }

    private static ObjectName name(String keys) throws JMException {
        return new ObjectName("drover:" + keys);
    }

    Object invoke(String bean, String operation, @Nullable String... arguments) throws JMException, IOException {
        String[] types = new String[arguments.length];
        Arrays.fill(types, String.class.getName());
        return server.invoke(name(bean), operation, arguments, types);
    }

    Object attribute(String bean, String attribute) throws JMException, IOException {
        return server.getAttribute(name(bean), attribute);
    }

    /** What the operation says no with. */
    String refusal(String bean, String operation, @Nullable String... arguments) throws JMException, IOException {
        try {
            throw new AssertionError("not refused: " + invoke(bean, operation, arguments));
        } catch (RuntimeException | JMException e) {
            Throwable inner = e;
            while (inner.getCause() != null) {
                inner = inner.getCause();
            }
            return String.valueOf(inner.getMessage());
        }
    }

    /** How many migrations are said to have come into that state, each sequence number once. */
    long told(String state) {
        return heard.stream()
                .filter(notification -> notification.getMessage().startsWith("MIGRATION ")
                        && notification.getMessage().endsWith(": " + state))
                .mapToLong(Notification::getSequenceNumber)
                .distinct()
                .count();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
