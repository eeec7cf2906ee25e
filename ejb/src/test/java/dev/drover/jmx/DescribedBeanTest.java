package dev.drover.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescribedBeanTest {

    /** A contract for tests. */
    @Description("a door")
    public interface DoorMXBean {
        @Description("whether it is open")
        boolean isOpen();

        @Description("how often it was used")
        int getUses();

        @Description("opens it")
        void open(@Description("0 to 90 degrees") int angle, String by);

        void slam();
    }

    static final class Door extends NotificationBroadcasterSupport implements DoorMXBean {
        Door() {
            super(new MBeanNotificationInfo(new String[] {"door"}, Notification.class.getName(), "it moved"));
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int getUses() {
            return 3;
        }

        @Override
        public void open(int angle, String by) {}

        @Override
        public void slam() {}
    }

    private final DescribedBean bean = DescribedBean.of(new Door(), DoorMXBean.class);
    private final MBeanInfo info = bean.getMBeanInfo();

    @Test
    void descriptionsComeFromTheInterface() throws Exception {
        assertEquals("a door", info.getDescription());
        assertEquals("whether it is open", attribute("Open"));
        assertEquals("how often it was used", attribute("Uses"));
        assertEquals(3, bean.getAttribute("Uses"));
        MBeanOperationInfo open = operation("open");
        assertEquals("opens it", open.getDescription());
        assertEquals("angle", open.getSignature()[0].getName());
        assertEquals("0 to 90 degrees", open.getSignature()[0].getDescription());
        assertEquals("by", open.getSignature()[1].getName());
    }

    @Test
    void whatHasNoDescriptionKeepsJmxsOwn() {
        assertEquals("slam", operation("slam").getDescription());
    }

    @Test
    void notificationsAreTheBeansOwn() {
        assertEquals("it moved", bean.getNotificationInfo()[0].getDescription());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {MigrationsMXBean.class, EvacuationsMXBean.class, HostMXBean.class, ConnectionPoolMXBean.class})
    void everythingThatAConsoleShowsIsDescribed(Class<?> contract) {
        assertNotNull(contract.getAnnotation(Description.class), contract.getName());
        for (Method method : contract.getMethods()) {
            assertNotNull(method.getAnnotation(Description.class), method.toString());
            for (Parameter parameter : method.getParameters()) {
                assertNotNull(parameter.getAnnotation(Description.class), method + " " + parameter.getName());
            }
        }
    }

    private String attribute(String name) {
        return List.of(info.getAttributes()).stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getDescription();
    }

    private MBeanOperationInfo operation(String name) {
        return List.of(info.getOperations()).stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
