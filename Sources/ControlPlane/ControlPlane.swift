// The first declarations of ControlPlane come here.
