package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.driver.libvirt.wire.RemoteError;
import dev.drover.driver.libvirt.wire.TypedParams;
import dev.drover.driver.libvirt.wire.WireException;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What a stranger's bytes can reach. Each target takes any bytes and fails with an AssertionError where the driver does
 * not keep its word: bytes that make no sense give {@link WireException} or {@link HypervisorException} and nothing else,
 * and every call ends.
 */
enum FuzzTarget {
    /** A stream of frames on an open connection with two calls under way; the first byte says where a read ends. */
    CHANNEL {
        @Override
        void feed(byte[] input) {
            var connection = new Connection();
            List<CompletableFuture<?>> calls =
                    List.of(connection.calls.connectGetLibVersion(), connection.calls.connectListAllDomains(0));
            connection.channel.releaseOutbound();
            int cut = input.length == 0 ? 0 : Math.min(input.length, input[0] & 0xff);
            byte[] stream = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
            cut = Math.min(cut, stream.length);
            connection.receive(Arrays.copyOfRange(stream, 0, cut));
            connection.receive(Arrays.copyOfRange(stream, cut, stream.length));
            require(connection.sentBytes() <= stream.length, "more was sent than came");
            connection.channel.close();
            calls.forEach(FuzzTarget::requireEnded);
        }
    },
    /** The answer to a call: the first byte chooses the procedure, the second the status, the rest is the body. */
    REPLY {
        private Connection connection = new Connection();

        @Override
        void feed(byte[] input) {
            if (input.length < 2) {
                return;
            }
            if (!connection.rpc.isOpen()) {
                connection = new Connection();
            }
            var method = RemoteProcedures.ALL.get((input[0] & 0xff) % RemoteProcedures.ALL.size());
            CompletableFuture<?> call = RemoteProcedures.call(connection.calls, method);
            ByteBuf sent = connection.channel.readOutbound();
            int procedure = sent.getInt(12);
            int serial = sent.getInt(20);
            sent.release();
            var header = new Header(
                    Header.REMOTE_PROGRAM, Header.VERSION, procedure, Header.TYPE_REPLY, serial, input[1] & 1);
            connection.receive(header.frame(Arrays.copyOfRange(input, 2, input.length)));
            requireEnded(call);
        }
    },
    /** An event: the first byte chooses its procedure. */
    EVENT {
        private static final int[] PROCEDURES = {
            Procedure.DOMAIN_EVENT_CALLBACK_LIFECYCLE,
            Procedure.DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION,
            Procedure.DOMAIN_EVENT_CALLBACK_JOB_COMPLETED,
            0
        };

        @Override
        void feed(byte[] input) {
            if (input.length > 0) {
                int procedure = PROCEDURES[(input[0] & 0xff) % PROCEDURES.length];
                tryRead(input, 1, in -> new EventDispatcher().event(procedure, in));
            }
        }
    },
    /** Typed parameters: what was read is written and read again as the same. */
    TYPED_PARAMS {
        @Override
        void feed(byte[] input) {
            tryRead(input, 0, in -> {
                Map<String, ParamValue> read = TypedParams.read(in);
                var out = new XdrWriter();
                TypedParams.write(
                        out,
                        read.entrySet().stream()
                                .map(entry -> new TypedParameter(entry.getKey(), entry.getValue()))
                                .toList());
                var again = new XdrReader(out.bytes());
                require(read.equals(TypedParams.read(again)), "the parameters changed on the way");
                require(again.remaining() == 0, "bytes are left over");
            });
        }
    },
    /** An error in place of an answer. */
    ERROR {
        @Override
        void feed(byte[] input) {
            tryRead(input, 0, in -> RemoteError.read(in).failure());
        }
    },
    /** The reader itself: the first byte says how many of the next ones choose what is read. */
    XDR {
        @Override
        void feed(byte[] input) {
            if (input.length == 0) {
                return;
            }
            int steps = Math.min(input[0] & 0x1f, input.length - 1);
            tryRead(input, 1 + steps, in -> {
                for (int i = 1; i <= steps; i++) {
                    step(in, input[i] & 0xf);
                }
            });
        }

        private void step(XdrReader in, int what) {
            switch (what) {
                case 0 -> in.int32();
                case 1 -> in.int64();
                case 2 -> in.float64();
                case 3 -> in.bool();
                case 4 -> in.string();
                case 5 -> in.optionalString();
                case 6 -> in.opaque(16);
                case 7 -> in.opaque(Limits.OPAQUE);
                case 8 -> in.uuid();
                case 9 -> in.chars(32);
                case 10 -> in.list(Limits.PARAMS, XdrReader::string);
                case 11 -> in.list(Limits.DOMAINS, DomainRef::read);
                case 12 -> in.list(Limits.DOMAINS, each -> each.list(Limits.PARAMS, XdrReader::int32));
                case 13 -> in.list(Limits.PARAMS, each -> each.opaque(Limits.OPAQUE));
                default -> DomainRef.read(in);
            }
        }
    };

    abstract void feed(byte[] input);

    private interface Reading {

        void read(XdrReader in);
    }

    private static void tryRead(byte[] input, int from, Reading reading) {
        try {
            reading.read(new XdrReader(Arrays.copyOfRange(input, from, input.length)));
        } catch (WireException refused) {
            require(refused.getMessage() != null, "a refusal without a reason");
        }
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw new AssertionError(broken);
        }
    }

    static void requireEnded(CompletableFuture<?> call) {
        require(call.isDone(), "a call waits for ever");
        try {
            call.join();
        } catch (CompletionException e) {
            Throwable why = e.getCause();
            require(why instanceof WireException || why instanceof HypervisorException, "unexpected " + why);
        }
    }

    /** A connection to a peer whose bytes the test makes. */
    private static final class Connection {

        private static final ConnectOptions QUIET =
                new ConnectOptions(Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, 0);

        private final RpcChannel rpc = new RpcChannel("qemu+tcp://stranger/system", QUIET, new EventDispatcher());
        private final EmbeddedChannel channel =
                new EmbeddedChannel(new LengthFieldBasedFrameDecoder(Limits.FRAME, 0, 4, -4, 4), rpc);
        private final RemoteCalls calls = new RemoteCalls(rpc, Duration.ZERO);

        // after bytes that made no sense nobody reads any more
        void receive(byte[] bytes) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            }
        }

        int sentBytes() {
            int sum = 0;
            for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
                sum += sent.readableBytes();
                sent.release();
            }
            return sum;
        }
    }
}
