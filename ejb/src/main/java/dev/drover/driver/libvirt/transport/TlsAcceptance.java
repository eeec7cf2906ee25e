package dev.drover.driver.libvirt.transport;

import dev.drover.model.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;

/**
 * Waits behind the TLS handshake for the single byte 1 by which libvirt's server says that our certificate is good
 * enough. Until then nothing further down hears that the connection is up.
 */
final class TlsAcceptance extends ChannelInboundHandlerAdapter {

    private static final int ACCEPTED = 1;

    private final Opening opening;
    private boolean encrypted;

    TlsAcceptance(Opening opening) {
        this.opening = opening;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // told onwards once the server has accepted
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            encrypted = handshake.isSuccess();
            if (!encrypted) {
                fail(context, reason(handshake.cause()));
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int first = bytes.readUnsignedByte();
        if (first != ACCEPTED) {
            bytes.release();
            fail(
                    context,
                    "the server answered the TLS handshake with " + first + " instead of 1: it is no libvirt daemon, "
                            + "or refuses us");
            return;
        }
        context.pipeline().remove(this);
        context.fireChannelActive();
        opening.done(context.channel());
        context.fireChannelRead(bytes);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        fail(context, reason(thrown));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(
                context,
                encrypted
                        ? "the server closed the connection after the TLS handshake: it does not accept our certificate; "
                                + "see its log and tls_allowed_dn_list"
                        : "the server closed the connection during the TLS handshake");
        context.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext context, String why) {
        opening.fail(FailureCode.AUTHENTICATION_FAILED, why);
        context.close();
    }

    // the handshake's own words, and the certificate checker's below them
    private static String reason(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String top = Optional.ofNullable(thrown.getMessage())
                .orElse(thrown.getClass().getSimpleName());
        String bottom = Optional.ofNullable(deepest.getMessage()).orElse("");
        String words = top.contains(bottom) ? top : top + ": " + bottom;
        String side = words.contains("Received fatal alert")
                ? "the server refused our side of TLS (no client certificate, or one it does not accept): "
                : "the server's side of TLS is not to be trusted or understood: ";
        return side + words;
    }
}
