/* One migrate call through libvirt's own C library, for comparisons with Drover's client.
 *
 *   migrate SOURCE DOMAIN DESTINATION FLAGS [NAME:TYPE:VALUE]...      TYPE is s, i, l or u
 *
 * FLAGS is libvirt's mask. With PEER2PEER (2) the source connects to DESTINATION, else this program does. Prints the error
 * number and its domain, 0 0 after success, then the message; ends with 0 whenever libvirt has answered. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void quiet(void *data, virErrorPtr error) { (void)data; (void)error; }

static int answered(int failed) {
    virErrorPtr e = failed ? virGetLastError() : NULL;
    printf("%d %d %s\n", e ? e->code : 0, e ? e->domain : 0, e && e->message ? e->message : "");
    return 0;
}

int main(int argc, char **argv) {
    virTypedParameterPtr params = NULL;
    int n = 0, max = 0;
    if (argc < 5) {
        fprintf(stderr, "usage: migrate SOURCE DOMAIN DESTINATION FLAGS [NAME:TYPE:VALUE]...\n");
        return 2;
    }
    virSetErrorFunc(NULL, quiet);
    virConnectPtr source = virConnectOpen(argv[1]);
    virDomainPtr domain = source ? virDomainLookupByName(source, argv[2]) : NULL;
    if (!domain) {
        fprintf(stderr, "migrate: %s\n", virGetLastErrorMessage());
        return 1;
    }
    unsigned int flags = strtoul(argv[4], NULL, 10);
    for (int i = 5; i < argc; i++) {
        char *name = argv[i], *type = strchr(name, ':');
        if (!type || !type[1] || type[2] != ':') return 2;
        char *value = type + 3, kind = type[1];
        *type = 0;
        int bad = kind == 's' ? virTypedParamsAddString(&params, &n, &max, name, value)
                : kind == 'i' ? virTypedParamsAddInt(&params, &n, &max, name, atoi(value))
                : kind == 'l' ? virTypedParamsAddLLong(&params, &n, &max, name, atoll(value))
                              : virTypedParamsAddULLong(&params, &n, &max, name, strtoull(value, NULL, 10));
        if (bad < 0) return answered(1);
    }
    if (flags & VIR_MIGRATE_PEER2PEER)
        return answered(virDomainMigrateToURI3(domain, argv[3], params, n, flags) < 0);
    virConnectPtr destination = virConnectOpen(argv[3]);
    if (!destination) return answered(1);
    return answered(virDomainMigrate3(domain, destination, params, n, flags) == NULL);
}
