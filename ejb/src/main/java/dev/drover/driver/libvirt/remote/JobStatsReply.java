package dev.drover.driver.libvirt.remote;

import dev.drover.model.ParamValue;
import java.util.Map;

/** @param type {@code virDomainJobType} */
public record JobStatsReply(int type, Map<String, ParamValue> params) {}
