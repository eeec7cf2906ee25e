package dev.drover.jmx;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/**
 * An MXBean that tells a console what it is: by the {@link Description}s on its interface and the parameters' own names,
 * where JMX would show a name again, or {@code p0}.
 */
final class DescribedBean extends StandardEmitterMBean {

    private DescribedBean(Object bean, Class<Object> contract, NotificationEmitter emitter) {
        super(bean, contract, true, emitter);
    }

    /** @param bean when it emits notifications itself, they are its own */
    @SuppressWarnings("unchecked")
    static <T> DescribedBean of(T bean, Class<T> contract) {
        NotificationEmitter emitter =
                bean instanceof NotificationEmitter own ? own : new NotificationBroadcasterSupport();
        return new DescribedBean(bean, (Class<Object>) contract, emitter);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return text(getMBeanInterface()).orElseGet(() -> super.getDescription(info));
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        String prefix = info.isIs() ? "is" : "get";
        return method(prefix + info.getName()).flatMap(DescribedBean::text).orElseGet(() -> super.getDescription(info));
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return method(info).flatMap(DescribedBean::text).orElseGet(() -> super.getDescription(info));
    }

    @Override
    protected String getDescription(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        return method(info)
                .map(method -> method.getParameters()[sequence])
                .flatMap(DescribedBean::text)
                .orElseGet(() -> super.getDescription(info, parameter, sequence));
    }

    @Override
    protected String getParameterName(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        return method(info)
                .map(method -> method.getParameters()[sequence])
                .filter(Parameter::isNamePresent)
                .map(Parameter::getName)
                .orElseGet(() -> super.getParameterName(info, parameter, sequence));
    }

    private Optional<Method> method(MBeanOperationInfo info) {
        String[] types = Arrays.stream(info.getSignature())
                .map(MBeanParameterInfo::getType)
                .toArray(String[]::new);
        return method(info.getName(), types);
    }

    // all parameters are texts or plain numbers, so that the open type's name is the Java type's
    private Optional<Method> method(String name, String... types) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(name))
                .filter(method -> Arrays.equals(
                        types,
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getName)
                                .toArray()))
                .findFirst();
    }

    private static Optional<String> text(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(Description.class))
                .map(description -> description.value() + description.table().lines());
    }
}
