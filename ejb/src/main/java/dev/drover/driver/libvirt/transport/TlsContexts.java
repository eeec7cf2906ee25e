package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS context of one connection from its files, read anew each time so that renewed certificates count. The
 * JDK does the cryptography; Bouncy Castle only reads keys, since GnuTLS's certtool writes forms that the JDK does not.
 */
final class TlsContexts {

    private TlsContexts() {}

    /** @throws HypervisorException {@code AUTHENTICATION_FAILED} naming the file that cannot be used */
    static SslContext of(Endpoint.Tls endpoint, Settings settings) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        TlsFiles files = TlsFiles.find(endpoint.pkipath(), settings, Files::isReadable);
        try {
            if (endpoint.verify()) {
                builder.trustManager(trust(files)).endpointIdentificationAlgorithm("HTTPS");
            } else {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            Optional<TlsFiles.Identity> identity = files.identity();
            if (identity.isPresent()) {
                builder.keyManager(
                        key(identity.get().key()),
                        certificates(identity.get().certificate()).toArray(X509Certificate[]::new));
            }
            return builder.build();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new HypervisorException(
                    FailureCode.AUTHENTICATION_FAILED, "TLS cannot use its files: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory trust(TlsFiles files) throws GeneralSecurityException, IOException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        for (X509Certificate authority : certificates(files.authority())) {
            anchors.setCertificateEntry("authority-" + anchors.size(), authority);
        }
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(files.revoked().isPresent());
        if (files.revoked().isPresent()) {
            parameters.addCertStore(CertStore.getInstance(
                    "Collection",
                    new CollectionCertStoreParameters(
                            revocations(files.revoked().get()))));
            var checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            // the list decides alone, and no server elsewhere is asked
            checker.setOptions(
                    Set.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return factory;
    }

    private static Collection<X509Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new GeneralSecurityException(file + " holds no certificate");
            }
            return found.stream().map(X509Certificate.class::cast).toList();
        } catch (java.security.cert.CertificateException e) {
            throw new GeneralSecurityException(file + " holds no certificates in PEM form: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends CRL> revocations(Path file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCRLs(in);
        } catch (java.security.cert.CRLException e) {
            throw new GeneralSecurityException(file + " holds no revocation list in PEM form", e);
        }
    }

    // without the parser's own message or the cause, which could quote from the key
    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Object found = firstKey(file);
        PrivateKeyInfo info = found instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : null;
        if (found instanceof PrivateKeyInfo plain) {
            info = plain;
        }
        if (info == null) {
            throw new GeneralSecurityException(
                    file + " holds no key in PEM form that can be read without a passphrase");
        }
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            } catch (InvalidKeySpecException | IOException e) {
                // of another kind
            }
        }
        throw new GeneralSecurityException(file + " holds a key that is neither RSA, EC nor EdDSA");
    }

    private static @Nullable Object firstKey(Path file) throws GeneralSecurityException {
        try (Reader in = Files.newBufferedReader(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                var parser = new PEMParser(in)) {
            Object next = parser.readObject();
            while (next != null && next instanceof org.bouncycastle.asn1.ASN1ObjectIdentifier) {
                next = parser.readObject();
            }
            // an EC key may be preceded by its parameters
            return next instanceof org.bouncycastle.asn1.x9.X9ECParameters ? parser.readObject() : next;
        } catch (IOException e) {
            throw new GeneralSecurityException(file + " holds no key in PEM form");
        }
    }
}
