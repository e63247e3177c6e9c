/** How the file of an `AuthenticationConfiguration` is given to the API server of distributions. */
export const distributionNotes = `Save the configuration as authentication.yaml and give it to the API server. It is read again when it changes.

kubeadm: put it into /etc/kubernetes/oidc on each control plane node, and into the ClusterConfiguration:
  apiVersion: kubeadm.k8s.io/v1beta4
  kind: ClusterConfiguration
  apiServer:
    extraArgs:
      - name: authentication-config
        value: /etc/kubernetes/oidc/authentication.yaml
    extraVolumes:
      - name: oidc
        hostPath: /etc/kubernetes/oidc
        mountPath: /etc/kubernetes/oidc
        readOnly: true
        pathType: DirectoryOrCreate
  A cluster that runs already: kubeadm init phase control-plane apiserver --config=FILE on each of them.

kind: put it into the folder oidc of the current folder, then kind create cluster --config=FILE:
  apiVersion: kind.x-k8s.io/v1alpha4
  kind: Cluster
  nodes:
    - role: control-plane
      extraMounts:
        - hostPath: ./oidc
          containerPath: /etc/kubernetes/oidc
          readOnly: true
      kubeadmConfigPatches:
        - |
          kind: ClusterConfiguration
          apiServer:
            extraArgs:
              authentication-config: /etc/kubernetes/oidc/authentication.yaml
            extraVolumes:
              - name: oidc
                hostPath: /etc/kubernetes/oidc
                mountPath: /etc/kubernetes/oidc
                readOnly: true

k3s: put it onto each server as /etc/rancher/k3s/authentication.yaml, and into /etc/rancher/k3s/config.yaml:
  kube-apiserver-arg:
    - authentication-config=/etc/rancher/k3s/authentication.yaml
  then: systemctl restart k3s

minikube:
  mkdir -p ~/.minikube/files/var/lib/minikube/certs
  cp authentication.yaml ~/.minikube/files/var/lib/minikube/certs/
  minikube start --extra-config=apiserver.authentication-config=/var/lib/minikube/certs/authentication.yaml

k0s: put it onto each controller as /etc/k0s/authentication.yaml, readable by the user kube-apiserver, and into /etc/k0s/k0s.yaml:
  spec:
    api:
      extraArgs:
        authentication-config: /etc/k0s/authentication.yaml
  then: k0s stop && k0s start

A cluster whose API server cannot be configured (AKS, EKS, GKE) needs oidc-gateway in front of it.`
