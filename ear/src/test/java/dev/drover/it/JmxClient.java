package dev.drover.it;

import java.io.IOException;
import java.net.MalformedURLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
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

    /** What a console shows for the argument of that name. */
    String help(String bean, String operation, String argument) throws JMException, IOException {
        return Arrays.stream(server.getMBeanInfo(name(bean)).getOperations())
                .filter(each -> each.getName().equals(operation))
                .flatMap(each -> Arrays.stream(each.getSignature()))
                .filter(each -> each.getName().equals(argument))
                .map(each -> each.getDescription())
                .findFirst()
                .orElse("");
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

    /** What a console would show by its bare name: operations, attributes and parameters without a description. */
    List<String> undescribed() throws JMException, IOException {
        List<String> found = new ArrayList<>();
        for (ObjectName bean : server.queryNames(new ObjectName("drover:*"), null)) {
            MBeanInfo info = server.getMBeanInfo(bean);
            if (info.getDescription().isBlank()) {
                found.add(bean + "");
            }
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                note(found, bean + " " + attribute.getName(), attribute);
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                note(found, bean + " " + operation.getName(), operation);
                for (MBeanParameterInfo parameter : operation.getSignature()) {
                    note(found, bean + " " + operation.getName() + " " + parameter.getName(), parameter);
                    if (parameter.getName().matches("p\\d")) {
                        found.add(bean + " " + operation.getName() + " has a parameter without a name");
                    }
                }
            }
        }
        return found;
    }

    private static void note(List<String> found, String what, MBeanFeatureInfo feature) {
        if (feature.getDescription().isBlank() || feature.getDescription().equals(feature.getName())) {
            found.add(what);
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
