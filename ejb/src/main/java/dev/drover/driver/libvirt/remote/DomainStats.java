package dev.drover.driver.libvirt.remote;

import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.ParamValue;
import java.util.Map;

/** One record of a bulk stats answer. */
public record DomainStats(DomainRef domain, Map<String, ParamValue> stats) {}
