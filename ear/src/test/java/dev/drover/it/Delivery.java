package dev.drover.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A message on its way through a {@link PhaseProxy}, and where it goes. */
record Delivery(RpcFrame frame, Socket to, OutputStream out) {

    /** Writes it; one that was held is written by another thread than those before and after it. */
    void make() throws IOException {
        synchronized (out) {
            out.write(frame.bytes().array());
        }
    }

    /** Whether neither end of its connection has gone. */
    boolean isPossible() {
        return !to.isClosed();
    }
}
