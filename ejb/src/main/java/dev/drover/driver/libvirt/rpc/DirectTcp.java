package dev.drover.driver.libvirt.rpc;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;

/** A TCP channel whose socket may be written to beside it, as long as nothing in its pipeline changes the bytes. */
public final class DirectTcp extends NioSocketChannel {

    SocketChannel socketChannel() {
        return javaChannel();
    }
}
