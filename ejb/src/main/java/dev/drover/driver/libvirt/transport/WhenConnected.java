package dev.drover.driver.libvirt.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Puts the handlers on a channel once it is connected, since they can serve one channel only and several may be tried. */
final class WhenConnected extends ChannelInboundHandlerAdapter {

    private final Consumer<Channel> carry;

    WhenConnected(Consumer<Channel> carry) {
        this.carry = carry;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        carry.accept(context.channel());
        context.fireChannelActive();
        context.pipeline().remove(this);
    }
}
