package dev.drover.hypervisor;

import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Looks into a domain's XML as far as its name and UUID; the rest is libvirt's to judge. A document type is refused, so
 * that nothing is ever fetched or expanded.
 */
final class GuestXml {

    private GuestXml() {}

    /** What is wrong with that parameter as a description of {@code guest}. */
    static Optional<Failure> fault(MigrateParam param, MigrateParams params, Domain guest) {
        Optional<String> xml = params.string(param);
        if (xml.isEmpty()) {
            return Optional.empty();
        }
        try {
            return different(param, read(xml.get()), guest);
        } catch (XMLStreamException e) {
            return refused(
                    FailureCode.XML_MALFORMED,
                    param,
                    "is no XML: " + firstLine(e) + "; start from what libvirt tells of the domain");
        }
    }

    private static Optional<Failure> different(MigrateParam param, Map<String, String> found, Domain guest) {
        if (!found.containsKey("domain")) {
            return refused(FailureCode.XML_ERROR, param, "is no <domain>; start from what libvirt tells of the domain");
        }
        String name = found.get("name");
        if (name == null || !name.equals(guest.name())) {
            return refused(
                    FailureCode.CONFIGURATION_UNSUPPORTED,
                    param,
                    "names " + (name == null ? "no domain" : "another domain") + " than '" + guest.name()
                            + "'; keep the name there, and give the new one as dname");
        }
        String uuid = found.get("uuid");
        return uuid == null || plain(uuid).equals(plain(guest.uuid().toString()))
                ? Optional.empty()
                : refused(
                        FailureCode.CONFIGURATION_UNSUPPORTED,
                        param,
                        "has another UUID than the domain's " + guest.uuid() + "; keep that one");
    }

    // libvirt takes a UUID with or without dashes
    private static String plain(String uuid) {
        return uuid.strip().replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** The root as {@code domain}, and the texts of {@code domain/name} and {@code domain/uuid}. */
    private static Map<String, String> read(String xml) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        Map<String, String> found = new HashMap<>();
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
        try {
            int depth = 0;
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth = enter(reader, depth, found);
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.DTD -> throw new XMLStreamException("a document type is not allowed");
                    default -> {}
                }
            }
            return found;
        } finally {
            reader.close();
        }
    }

    // the text of an element is read to its end, so the depth stays
    private static int enter(XMLStreamReader reader, int depth, Map<String, String> found) throws XMLStreamException {
        String element = reader.getLocalName();
        if (depth == 0 && element.equals("domain")) {
            found.put(element, "");
        }
        if (depth == 1 && (element.equals("name") || element.equals("uuid"))) {
            found.put(element, reader.getElementText());
            return depth;
        }
        return depth + 1;
    }

    private static String firstLine(XMLStreamException e) {
        String message = String.valueOf(e.getMessage());
        return message.replaceAll("\\s+", " ").replaceFirst("^ParseError at ", "");
    }

    private static Optional<Failure> refused(FailureCode code, MigrateParam param, String why) {
        return Optional.of(Failure.of(code, "params: '" + param.key() + "' " + why));
    }
}
