package dev.drover.it.inside;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The application as it is shipped, with tests as one more module in it. */
final class Application {

    private static final String BEANS =
            "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\" bean-discovery-mode=\"annotated\"/>";

    private Application() {}

    static EnterpriseArchive with(Class<?>... tests) throws IOException {
        JavaArchive observers = ShrinkWrap.create(JavaArchive.class, "observers.jar")
                .addClass(HeardChanges.class)
                .addAsManifestResource(new StringAsset(BEANS), "beans.xml");
        // a context of its own: Arquillian's servlet could not pass the page's login
        WebArchive inside = ShrinkWrap.create(WebArchive.class, "inside.war")
                .addClasses(tests)
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml");
        EnterpriseArchive drover = ShrinkWrap.create(ZipImporter.class, "drover.ear")
                .importFrom(new File(System.getProperty("application")))
                .as(EnterpriseArchive.class);
        String descriptor;
        try (var stream = drover.get("META-INF/application.xml").getAsset().openStream()) {
            descriptor = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        String modules = "<module><ejb>observers.jar</ejb></module><module><web><web-uri>inside.war</web-uri>"
                + "<context-root>/inside</context-root></web></module>";
        drover.setApplicationXML(
                new StringAsset(descriptor.replaceFirst("(?=<library-directory>|</application>)", modules)));
        return drover.addAsModule(observers).addAsModule(Testable.archiveToTest(inside));
    }
}
