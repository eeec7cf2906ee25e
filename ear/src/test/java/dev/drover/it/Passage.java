package dev.drover.it;

import java.io.IOException;

/** What becomes of the messages between libvirt's clients and daemons on their way through a {@link PhaseProxy}. */
interface Passage {

    /** @throws IOException when it is to be delivered now and cannot be: its connection is over */
    void meet(Delivery message) throws IOException;
}
