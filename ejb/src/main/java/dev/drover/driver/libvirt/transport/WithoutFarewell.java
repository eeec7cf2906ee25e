package dev.drover.driver.libvirt.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

/**
 * Closes a channel under TLS without telling the other side, as the end of this process would: whether that is to notice is
 * for the program that carries the connection.
 */
final class WithoutFarewell extends ChannelOutboundHandlerAdapter {

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        // from there on towards the socket: TLS does not hear of it
        context.pipeline().context(SslHandler.class).close(promise);
    }
}
