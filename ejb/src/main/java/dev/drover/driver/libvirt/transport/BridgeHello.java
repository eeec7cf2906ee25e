package dev.drover.driver.libvirt.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;

/** Finds out which of a program's streams a new loopback socket is, and hangs up on whoever does not know the secret. */
final class BridgeHello extends ByteToMessageDecoder {

    private final String secret;
    private final Complaints complaints;
    private final Opening opening;
    private final Consumer<Channel> carry;

    BridgeHello(String secret, Complaints complaints, Opening opening, Consumer<Channel> carry) {
        this.secret = secret;
        this.complaints = complaints;
        this.opening = opening;
        this.carry = carry;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 1 + secret.length()) {
            return;
        }
        char stream = (char) in.readByte();
        byte[] said = new byte[secret.length()];
        in.readBytes(said);
        if (!MessageDigest.isEqual(said, secret.getBytes(StandardCharsets.US_ASCII))) {
            context.close();
            return;
        }
        if (stream == 'E') {
            context.pipeline().addLast(complaints);
        } else {
            carry.accept(context.channel());
            context.fireChannelActive();
            opening.done(context.channel());
        }
        // what came behind the secret is handed on to the handlers just added
        context.pipeline().remove(this);
    }
}
