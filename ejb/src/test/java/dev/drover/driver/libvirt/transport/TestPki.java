package dev.drover.driver.libvirt.transport;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority of a test's own. Keys are written as GnuTLS's certtool does, "BEGIN RSA PRIVATE KEY". */
public final class TestPki {

    private static final AtomicLong SERIALS = new AtomicLong(1);

    private final KeyPair keys = newKeys("EC");
    private final X500Name name;
    private final X509Certificate certificate;

    public TestPki(String name) {
        this.name = new X500Name("CN=" + name + " CA");
        this.certificate = sign(this.name, keys, true);
    }

    /** A server's certificate, and TLS with it that trusts this authority's clients. */
    public record Server(X509Certificate certificate, SSLContext context) {}

    /** @param names each with its kind: {@code IP:127.0.0.1}, {@code DNS:host} */
    public Server server(String... names) {
        KeyPair pair = newKeys("EC");
        GeneralName[] alternatives = Arrays.stream(names)
                .map(name -> new GeneralName(
                        name.startsWith("IP:") ? GeneralName.iPAddress : GeneralName.dNSName,
                        name.substring(name.indexOf(':') + 1)))
                .toArray(GeneralName[]::new);
        X509Certificate own = sign(new X500Name("CN=server"), pair, false, alternatives);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            char[] none = new char[0];
            store.setKeyEntry("server", pair.getPrivate(), none, new Certificate[] {own});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new Server(own, context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes cacert.pem, clientcert.pem and clientkey.pem. */
    public void client(Path folder) throws IOException {
        client(folder, "RSA");
    }

    /** The same with keys of another kind. @param algorithm RSA or EC */
    public void client(Path folder, String algorithm) throws IOException {
        KeyPair pair = newKeys(algorithm);
        write(folder.resolve("cacert.pem"), certificate);
        write(folder.resolve("clientcert.pem"), sign(new X500Name("CN=client"), pair, false));
        write(
                folder.resolve("clientkey.pem"),
                pair.getPrivate() instanceof ECPrivateKey key ? named(key) : pair.getPrivate());
    }

    // with the curve inside, which the JDK leaves out
    private static PemObject named(ECPrivateKey key) throws IOException {
        var form = new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1);
        return new PemObject("EC PRIVATE KEY", form.getEncoded());
    }

    /** Writes cacrl.pem with these. */
    public void revoke(Path folder, X509Certificate... revoked) throws IOException {
        var builder = new X509v2CRLBuilder(name, Date.from(Instant.now().minus(1, ChronoUnit.HOURS)));
        builder.setNextUpdate(Date.from(Instant.now().plus(1, ChronoUnit.DAYS)));
        for (X509Certificate each : revoked) {
            builder.addCRLEntry(each.getSerialNumber(), new Date(), 1);
        }
        try {
            write(folder.resolve("cacrl.pem"), new JcaX509CRLConverter().getCRL(builder.build(signer())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(X500Name subject, KeyPair pair, boolean authority, GeneralName... names) {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(SERIALS.getAndIncrement()),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, Object what) throws IOException {
        try (Writer out = Files.newBufferedWriter(file);
                var pem = new JcaPEMWriter(out)) {
            pem.writeObject(what);
        }
    }
}
