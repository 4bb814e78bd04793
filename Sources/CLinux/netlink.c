#define _GNU_SOURCE
#include "CLinux.h"
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// One request under construction: the header and attributes are appended to `bytes`.
struct request {
    union {
        struct nlmsghdr header;
        char bytes[1024];
    };
};

static void *append(struct request *request, const void *data, size_t length) {
    char *place = request->bytes + NLMSG_ALIGN(request->header.nlmsg_len);
    memset(place, 0, NLMSG_ALIGN(length));
    if (data) memcpy(place, data, length);
    request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + (uint32_t)length;
    return place;
}

static struct rtattr *open_attribute(struct request *request, unsigned short type) {
    struct rtattr head = {.rta_type = type, .rta_len = RTA_LENGTH(0)};
    return append(request, &head, sizeof head);
}

static void close_attribute(struct request *request, struct rtattr *attribute) {
    attribute->rta_len = (unsigned short)(request->bytes + request->header.nlmsg_len - (char *)attribute);
}

static void attribute(struct request *request, unsigned short type, const void *data, size_t length) {
    struct rtattr *head = open_attribute(request, type);
    append(request, data, length);
    close_attribute(request, head);
}

static struct request begin(unsigned short type, unsigned short flags) {
    struct request request = {0};
    request.header.nlmsg_len = NLMSG_LENGTH(0);
    request.header.nlmsg_type = type;
    request.header.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
    return request;
}

/// Sends the request and returns the kernel's verdict.
static int perform(struct request *request) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) return -errno;
    int status = 0;
    if (send(fd, request->bytes, request->header.nlmsg_len, 0) < 0) status = -errno;
    union {
        struct nlmsghdr header;
        char bytes[4096];
    } reply;
    if (status == 0) {
        ssize_t length = recv(fd, reply.bytes, sizeof reply.bytes, 0);
        if (length < 0) status = -errno;
        else if (reply.header.nlmsg_type == NLMSG_ERROR)
            status = ((struct nlmsgerr *)NLMSG_DATA(&reply.header))->error;
        else status = -EPROTO;
    }
    close(fd);
    return status;
}

static int index_of(const char *name) {
    unsigned index = if_nametoindex(name);
    return index == 0 ? -errno : (int)index;
}

int clx_link_up(const char *name) {
    int index = index_of(name);
    if (index < 0) return index;
    struct request request = begin(RTM_NEWLINK, 0);
    struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&request, &link, sizeof link);
    return perform(&request);
}

int clx_link_remove(const char *name) {
    int index = index_of(name);
    if (index < 0) return index;
    struct request request = begin(RTM_DELLINK, 0);
    struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_index = index};
    append(&request, &link, sizeof link);
    return perform(&request);
}

int clx_bridge_add(const char *name) {
    struct request request = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&request, &link, sizeof link);
    attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
    struct rtattr *info = open_attribute(&request, IFLA_LINKINFO);
    attribute(&request, IFLA_INFO_KIND, "bridge", strlen("bridge"));
    close_attribute(&request, info);
    return perform(&request);
}

// What slirp4netns has too: a bridge carries the least of its members. Loopback-sized packets make the way between
// instances about as fast as loopback.
static const uint32_t jumbo = 65520;

int clx_veth_add(const char *name, const char *peer, pid_t pid, const char *bridge, const uint8_t mac[6]) {
    int master = index_of(bridge);
    if (master < 0) return master;
    struct request request = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&request, &link, sizeof link);
    attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
    attribute(&request, IFLA_MASTER, &master, sizeof master);
    attribute(&request, IFLA_MTU, &jumbo, sizeof jumbo);
    struct rtattr *info = open_attribute(&request, IFLA_LINKINFO);
    attribute(&request, IFLA_INFO_KIND, "veth", strlen("veth"));
    struct rtattr *data = open_attribute(&request, IFLA_INFO_DATA);
    struct rtattr *other = open_attribute(&request, VETH_INFO_PEER);
    struct ifinfomsg peer_link = {.ifi_family = AF_UNSPEC};
    append(&request, &peer_link, sizeof peer_link);
    attribute(&request, IFLA_IFNAME, peer, strlen(peer) + 1);
    attribute(&request, IFLA_ADDRESS, mac, 6);
    attribute(&request, IFLA_MTU, &jumbo, sizeof jumbo);
    uint32_t target = (uint32_t)pid;
    attribute(&request, IFLA_NET_NS_PID, &target, sizeof target);
    close_attribute(&request, other);
    close_attribute(&request, data);
    close_attribute(&request, info);
    return perform(&request);
}

int clx_address_add(const char *name, uint32_t address, int prefix) {
    int index = index_of(name);
    if (index < 0) return index;
    struct request request = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
    struct ifaddrmsg head = {
        .ifa_family = AF_INET, .ifa_prefixlen = (unsigned char)prefix, .ifa_index = (unsigned)index};
    append(&request, &head, sizeof head);
    uint32_t wire = htonl(address);
    attribute(&request, IFA_LOCAL, &wire, sizeof wire);
    attribute(&request, IFA_ADDRESS, &wire, sizeof wire);
    return perform(&request);
}

int clx_link_join(const char *name, const char *bridge) {
    int index = index_of(name), master = index_of(bridge);
    if (index < 0 || master < 0) return index < 0 ? index : master;
    struct request request = begin(RTM_NEWLINK, 0);
    struct ifinfomsg link = {.ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&request, &link, sizeof link);
    attribute(&request, IFLA_MASTER, &master, sizeof master);
    // A bridge drops what is larger than the member that it would leave by.
    attribute(&request, IFLA_MTU, &jumbo, sizeof jumbo);
    return perform(&request);
}

int clx_refuse_route(uint32_t address, int prefix) {
    struct request request = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    struct rtmsg head = {
        .rtm_family = AF_INET, .rtm_dst_len = (unsigned char)prefix, .rtm_table = RT_TABLE_MAIN,
        .rtm_protocol = RTPROT_STATIC, .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_PROHIBIT};
    append(&request, &head, sizeof head);
    uint32_t wire = htonl(address);
    attribute(&request, RTA_DST, &wire, sizeof wire);
    return perform(&request);
}

int clx_own_addresses(uint32_t *addresses, int room) {
    struct ifaddrs *list;
    if (getifaddrs(&list) < 0) return -errno;
    int count = 0;
    for (struct ifaddrs *entry = list; entry && count < room; entry = entry->ifa_next)
        if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET)
            addresses[count++] = ntohl(((struct sockaddr_in *)entry->ifa_addr)->sin_addr.s_addr);
    freeifaddrs(list);
    return count;
}

int clx_default_route(uint32_t gateway) {
    struct request request = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    struct rtmsg head = {
        .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
        .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
    append(&request, &head, sizeof head);
    uint32_t wire = htonl(gateway);
    attribute(&request, RTA_GATEWAY, &wire, sizeof wire);
    return perform(&request);
}
